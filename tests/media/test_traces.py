"""The readers that look for metadata must find it: a search that finds nothing proves nothing."""

import pytest

from media.storage import gallery
from tests import pictures
from tests.media import traces, walking


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP"])
def test_both_readers_find_what_was_planted(name: str) -> None:
    content = pictures.telling(name)
    assert traces.by_pillow(content)
    assert traces.by_bytes(content)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("JPEG", {"comment": "a word"}),
        ("JPEG", {"icc_profile": pictures.named_profile()}),
        ("WEBP", {"xmp": b"<x/>"}),
    ],
)
def test_one_tag_is_enough_to_be_found(name: str, options: dict) -> None:
    content = pictures.encoded(pictures.scene(), name, **options)
    assert traces.by_pillow(content)
    assert traces.by_bytes(content)


def test_bytes_after_the_end_are_found() -> None:
    assert traces.by_bytes(pictures.jpeg() + b"<script>") == ["bytes after the end"]


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP"])
def test_a_bare_picture_is_clean(name: str) -> None:
    assert traces.found(pictures.encoded(pictures.scene(), name)) == []


@pytest.mark.parametrize("format_name", ["JPEG", "WEBP"])
def test_no_rendition_of_any_test_escapes_the_walk(format_name: str) -> None:
    """A tag that is planted in the gallery here is found where every test is looked at."""
    with gallery().draft() as draft:
        draft.handle.write(pictures.telling(format_name))
        name = gallery().keep(draft, ".jpg")
    assert walking.found_since()
    assert walking.found_since() == []
    assert gallery().read(name)
