"""The suite's own ground: what it promises to every other test."""

from __future__ import annotations

import socket
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from pytest_socket import SocketConnectBlockedError


@pytest.mark.filterwarnings("ignore:A test tried to use socket")  # that one does is the point
def test_sockets_to_other_machines_are_refused() -> None:
    with (
        socket.socket() as outward,
        pytest.raises(SocketConnectBlockedError),
    ):
        outward.connect(("192.0.2.1", 80))  # a documentation address, nobody's


def test_nothing_is_kept_outside_the_thrown_away_ground() -> None:
    below = Path(tempfile.gettempdir()).resolve()
    for place in (settings.DATA_DIR, settings.STATIC_ROOT, settings.FILE_UPLOAD_TEMP_DIR):
        assert Path(place).resolve().is_relative_to(below)
