"""The drawn pictures of the sample archive: always the same, and good enough for our own door."""

from __future__ import annotations

import pytest

from media import photos, sketches
from tests import pictures
from tests.media import traces

LINES = ["Querida mamá, ¿cómo está?", "14 months — I’ve counted.", "Love, R."]


@pytest.mark.parametrize("scene", sketches.SCENES)
def test_every_scene_is_a_clean_picture_of_its_size(scene: str) -> None:
    content = photos.sketch(scene, 7, lines=LINES)
    upright = scene in {"portrait", "page"}
    assert pictures.opened(content).size == ((1280, 1600) if upright else (1600, 1200))
    assert traces.found(content) == []


@pytest.mark.parametrize("scene", ["portrait", "page", "window_geranium"])
def test_the_same_seed_draws_the_same_picture_and_another_another(scene: str) -> None:
    first, again, other = (photos.sketch(scene, seed, lines=LINES) for seed in (3, 3, 4))
    assert first == again
    assert first != other


def test_a_page_holds_what_is_written_on_it() -> None:
    empty, written, longer = (
        photos.sketch("page", 1, lines=lines) for lines in ([], LINES, LINES * 9)
    )
    assert _ink(empty) < _ink(written) < _ink(longer)


def _ink(content: bytes) -> int:
    """How many pixels of the middle of the leaf are dark."""
    return sum(pictures.opened(content).convert("L").crop((250, 230, 1150, 1400)).histogram()[:110])


def test_a_letter_we_cannot_write_is_left_out() -> None:
    assert photos.sketch("page", 1, lines=["漢字 😀"]) == photos.sketch(
        "page", 1, lines=["漢字 😀"]
    )


def test_a_scene_we_cannot_draw_is_named() -> None:
    with pytest.raises(ValueError, match="barbed_wire"):
        photos.sketch("barbed_wire", 1)


@pytest.mark.django_db
def test_a_sketch_goes_through_the_same_door_as_any_photograph() -> None:
    photo = photos.admit(photos.sketch("garden", 2)).photo
    assert (photo.width, photo.height, photo.removed) == (1600, 1200, [])
