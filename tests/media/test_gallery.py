"""What hangs in the gallery, only while it may, and how it is handed over."""

from __future__ import annotations

import base64
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from PIL import Image
from pytest_django import Settings

from media import photos, sandbox
from media.models import Picture, Rendition
from media.storage import gallery, vault
from tests import pictures
from tests.media import traces

pytestmark = pytest.mark.django_db

Commits = Callable[..., AbstractContextManager[list[Any]]]


def hung(content: bytes | None = None) -> tuple[photos.Photo, Picture]:
    """A photograph admitted, released and developed."""
    photo = photos.admit(content or pictures.jpeg(1500, 1000)).photo
    picture = photos.release(photo)
    photos.develop(photo.pk, picture.pk)
    picture.refresh_from_db()
    return photo, picture


# --- renditions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("width", "height", "widths"),
    [
        (2400, 1200, [320, 640, 1280, 2048]),
        (1500, 1000, [320, 640, 1280, 1500]),
        (640, 900, [320, 640]),
        (100, 40, [100]),
        (1, 1, [1]),
    ],
)
def test_a_picture_hangs_in_every_width_it_has_and_no_larger(
    width: int, height: int, widths: list[int]
) -> None:
    _, picture = hung(pictures.jpeg(width, height))
    for name in ("webp", "jpeg"):
        assert [each.width for each in picture.made(name)] == widths
    for rendition in picture.renditions.all():
        image = pictures.opened(gallery().read(rendition.name))
        assert image.size == (rendition.width, rendition.height)
        assert image.format.lower() == rendition.format
        assert abs(rendition.height - height * rendition.width / width) <= 1


def test_a_thumbnail_is_light_even_of_noise() -> None:
    noise = Image.effect_noise((1200, 1200), 90).convert("RGB")
    _, picture = hung(pictures.encoded(noise, "JPEG", quality=95))
    thumbnails = [each for each in picture.renditions.all() if each.width == 320]
    assert [each.bytes <= 25_000 for each in thumbnails] == [True, True]
    assert all(each.bytes == len(gallery().read(each.name)) for each in thumbnails)


def test_the_copies_look_like_the_photograph() -> None:
    original = pictures.scene(1500, 1000)
    _, picture = hung(pictures.encoded(original, "PNG"))
    for rendition in picture.renditions.all():
        seen = (
            pictures.opened(gallery().read(rendition.name))
            .convert("RGB")
            .resize((24, 16), Image.Resampling.BOX)
        )
        assert (
            pictures.apart(
                seen.tobytes(), original.resize((24, 16), Image.Resampling.BOX).tobytes()
            )
            < 16
        )


def test_a_page_knows_what_to_write_into_its_markup() -> None:
    _, picture = hung()
    made = {(each.format, each.width): f"/gallery/{each.name}" for each in picture.renditions.all()}
    assert picture.srcset_webp == ", ".join(
        f"{made['webp', w]} {w}w" for w in (320, 640, 1280, 1500)
    )
    assert picture.srcset_jpeg == ", ".join(
        f"{made['jpeg', w]} {w}w" for w in (320, 640, 1280, 1500)
    )
    assert picture.fallback_url == made["jpeg", 1280]
    assert picture.thumbnail_url == made["jpeg", 320]
    assert (picture.width, picture.height) == (1500, 1000)
    assert photos.sources(picture)[0] == {
        "url": made["jpeg", 320],
        "width": 320,
        "height": 213,
        "format": "jpeg",
    }
    assert len(photos.sources(picture)) == 8


def test_the_placeholder_is_tiny_and_tells_nothing() -> None:
    _, picture = hung(pictures.telling("JPEG"))
    start, _, data = picture.placeholder.partition(",")
    assert start == "data:image/webp;base64"
    assert len(picture.placeholder) < 600
    image = base64.b64decode(data)
    assert max(pictures.opened(image).size) <= 24
    assert traces.found(image) == []


def test_an_empty_frame_offers_nothing() -> None:
    picture = photos.release(photos.admit(pictures.jpeg()).photo)
    assert (picture.ready, picture.srcset_webp, picture.fallback_url, picture.thumbnail_url) == (
        False,
        "",
        "",
        "",
    )
    assert photos.sources(picture) == []


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "GIF", "HEIF"])
def test_no_rendition_and_no_preview_carries_a_tag(name: str) -> None:
    photo, picture = hung(pictures.telling(name))
    for rendition in picture.renditions.all():
        assert traces.found(gallery().read(rendition.name)) == []
    assert traces.found(photos.preview(photo, 200)) == []


def test_a_photograph_and_its_picture_do_not_know_each_other() -> None:
    """Neither by a column nor by a reverse accessor, in any number of steps."""
    names = {
        field.related_model
        for model in (Picture, Rendition)
        for field in model._meta.get_fields()
        if field.is_relation
    }
    assert photos.Photo not in names
    assert not [field for field in photos.Photo._meta.get_fields() if field.is_relation]


# --- developing, again and again -------------------------------------------------------------------


def test_developing_twice_makes_nothing_twice() -> None:
    photo, picture = hung()
    before = set(Rendition.objects.values_list("name", flat=True))
    photos.develop(photo.pk, picture.pk)
    assert set(Rendition.objects.values_list("name", flat=True)) == before
    assert {file.name for file in gallery().files()} == before


def test_a_worker_killed_before_its_rows_leaves_work_that_can_be_done_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    photo = photos.admit(pictures.jpeg()).photo
    picture = photos.release(photo)
    with monkeypatch.context() as patch:

        def killed(*_: object) -> None:
            raise SystemExit

        patch.setattr(photos, "_hang", killed)
        with pytest.raises(SystemExit):
            photos.develop(photo.pk, picture.pk)
    assert not Rendition.objects.exists()
    photos.develop(photo.pk, picture.pk)
    assert Picture.objects.get().ready
    assert {file.name for file in gallery().files()} == set(
        Rendition.objects.values_list("name", flat=True)
    )


@pytest.mark.parametrize("change", ["revoked", "covered", "deleted"])
def test_what_changes_while_it_is_developed_is_never_shown(
    change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = photos.admit(pictures.jpeg()).photo
    picture = photos.release(photo)
    real = sandbox.run

    def meanwhile(*args: Any, **order: Any) -> dict[str, Any]:
        report = real(*args, **order)
        if change == "revoked":
            photos.revoke(Picture.objects.get(pk=picture.pk))
        elif change == "covered":
            photos.redact(photos.Photo.objects.get(), [{"x": 0, "y": 0, "w": 1, "h": 1}])
        else:
            Picture.objects.get(pk=picture.pk).delete()
        return report

    monkeypatch.setattr(sandbox, "run", meanwhile)
    with pytest.raises(photos.Superseded):
        photos.develop(photo.pk, picture.pk)
    assert not Rendition.objects.exists()
    assert list(gallery().files()) == []


@pytest.mark.parametrize("gone", ["photo", "picture", "revoked"])
def test_a_job_for_what_is_gone_does_nothing(gone: str) -> None:
    photo = photos.admit(pictures.jpeg()).photo
    picture = photos.release(photo)
    pks = photo.pk, picture.pk
    if gone == "photo":
        photos.discard(photo)
    elif gone == "picture":
        picture.delete()
    else:
        photos.revoke(picture)
    photos.develop(*pks)
    assert list(gallery().files()) == []


# --- taking down ----------------------------------------------------------------------------------


def test_revoking_deletes_files_rows_and_placeholder(
    django_capture_on_commit_callbacks: Commits,
) -> None:
    photo, picture = hung()
    with django_capture_on_commit_callbacks(execute=True):
        photos.revoke(picture)
    picture.refresh_from_db()
    assert (picture.ready, picture.released, picture.placeholder) == (False, False, "")
    assert not Rendition.objects.exists()
    assert list(gallery().files()) == []
    assert len(list(vault().files())) == 1  # the photograph itself is kept
    assert photo.pk


def test_a_revoked_picture_can_hang_again_under_new_names(
    django_capture_on_commit_callbacks: Commits,
) -> None:
    photo, picture = hung()
    before = set(Rendition.objects.values_list("name", flat=True))
    with django_capture_on_commit_callbacks(execute=True):
        photos.revoke(picture)
    assert photos.release(photo, picture).pk == picture.pk
    photos.develop(photo.pk, picture.pk)
    assert not before & set(Rendition.objects.values_list("name", flat=True))


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_that_is_rolled_back_takes_nothing_down() -> None:
    _, picture = hung()

    with transaction.atomic():
        photos.revoke(picture)
        transaction.set_rollback(True)
    assert len(list(gallery().files())) == Rendition.objects.count() == 8


def test_discarding_leaves_no_byte_in_the_vault(
    django_capture_on_commit_callbacks: Commits,
) -> None:
    photo = photos.admit(pictures.jpeg(), keep_original=True).photo
    with django_capture_on_commit_callbacks(execute=True):
        photos.discard(photo)
    assert list(vault().files()) == []
    assert not photos.Photo.objects.exists()


# --- the address -----------------------------------------------------------------------------------


@pytest.fixture
def shown() -> Rendition:
    return hung(pictures.jpeg())[1].made("jpeg")[0]


def test_a_picture_is_sent_with_every_seal(client: Client, shown: Rendition) -> None:
    response = client.get(shown.url)
    assert response.status_code == 200
    assert response.content == gallery().read(shown.name)
    assert {name: response[name] for name in SEALS} == SEALS
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Length"] == str(shown.bytes)
    assert response["Content-Disposition"] == f'inline; filename="{shown.name}"'
    assert response["Cache-Control"] == "private, max-age=31536000, immutable"
    assert not response.cookies


SEALS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def test_a_webp_says_that_it_is_one(client: Client) -> None:
    rendition = hung(pictures.jpeg())[1].made("webp")[0]
    assert client.get(rendition.url)["Content-Type"] == "image/webp"


def test_head_tells_all_and_sends_nothing(client: Client, shown: Rendition) -> None:
    response = client.head(shown.url)
    assert (response.status_code, response.content) == (200, b"")
    assert response["Content-Length"] == str(shown.bytes)


def test_a_copy_that_is_still_good_is_not_sent_again(client: Client, shown: Rendition) -> None:
    tag = client.get(shown.url)["ETag"]
    for header in (tag, f"W/{tag}", f'"other", {tag}'):
        response = client.get(shown.url, headers={"If-None-Match": header})
        assert (response.status_code, response.content) == (304, b"")
    assert client.get(shown.url, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-9", slice(0, 10)),
        ("bytes=10-", slice(10, None)),
        ("bytes=-7", slice(-7, None)),
        ("bytes=5-99999999", slice(5, None)),
    ],
)
def test_a_part_is_sent_where_a_part_is_asked_for(
    client: Client, shown: Rendition, asked: str, part: slice
) -> None:
    content = gallery().read(shown.name)
    response = client.get(shown.url, headers={"Range": asked})
    assert response.status_code == 206
    assert response.content == content[part]
    first, last, _ = part.indices(len(content))
    assert response["Content-Range"] == f"bytes {first}-{last - 1}/{len(content)}"


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=9-3", "bytes=-0"])
def test_a_part_that_is_not_there_is_refused(client: Client, shown: Rendition, asked: str) -> None:
    response = client.get(shown.url, headers={"Range": asked})
    assert (response.status_code, response.content) == (416, b"")
    assert response["Content-Range"] == f"bytes */{shown.bytes}"


@pytest.mark.parametrize(
    "asked",
    ["bytes=0-1,4-5", "lines=0-1", "bytes=-", "bytes=a-b", f"bytes={'9' * 5000}-"],
    ids=lambda asked: asked[:20],
)
def test_a_range_we_do_not_speak_is_answered_with_the_whole_or_refused(
    client: Client, shown: Rendition, asked: str
) -> None:
    assert client.get(shown.url, headers={"Range": asked}).status_code in {200, 416}


def test_a_part_of_another_version_is_not_mixed_in(client: Client, shown: Rendition) -> None:
    response = client.get(shown.url, headers={"Range": "bytes=0-9", "If-Range": '"another"'})
    assert (response.status_code, len(response.content)) == (200, shown.bytes)


def test_withdrawn_and_never_there_are_answered_alike(
    client: Client, shown: Rendition, django_capture_on_commit_callbacks: Commits
) -> None:
    """To the byte, for every way of asking, also while the file still lies in its folder."""
    tag = client.get(shown.url)["ETag"]
    photos.revoke(shown.picture)
    assert gallery().read(shown.name)  # the transaction is not committed: the file is there
    never = f"/gallery/{'0' * 32}.jpg"
    for headers in ({}, {"If-None-Match": tag}, {"Range": "bytes=0-9"}):
        for ask in (client.get, client.head):
            gone, other = ask(shown.url, headers=headers), ask(never, headers=headers)
            assert gone.status_code == 404
            assert (gone.content, dict(gone.headers)) == (other.content, dict(other.headers))
            assert gone["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "name", ["x.jpg", "../vault/x", "%2e%2e/settings.py", "a" * 5000, "incoming/x.part", ""]
)
def test_a_name_that_is_none_of_ours_is_not_there(client: Client, name: str) -> None:
    assert client.get(f"/gallery/{name}").status_code == 404


def test_a_file_of_the_vault_is_not_in_the_gallery(client: Client) -> None:
    photo = photos.admit(pictures.jpeg(), keep_original=True).photo
    for name in (photo.name, photo.original_name):
        assert client.get(f"/gallery/{name}").status_code == 404


def test_a_file_without_a_row_is_never_served(client: Client) -> None:
    with gallery().draft() as draft:
        draft.handle.write(pictures.jpeg())
        name = gallery().keep(draft, ".jpg")
    assert client.get(f"/gallery/{name}").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_can_be_done_to_a_picture(client: Client, shown: Rendition, method: str) -> None:
    assert getattr(client, method)(shown.url).status_code in {403, 405}


# --- previews for the desk -------------------------------------------------------------------------


def test_a_preview_is_small_covered_and_can_be_made_gentle(settings: Settings) -> None:
    photo = photos.admit(pictures.jpeg(1500, 1000)).photo
    photos.redact(photo, [{"shape": "rect", "x": 0, "y": 0, "w": 0.25, "h": 0.25, "how": "black"}])
    plain = pictures.opened(photos.preview(photo, 300))
    assert plain.size == (300, 200)
    assert pictures.apart(plain.getpixel((20, 20)), (0, 0, 0)) < 12
    bare = pictures.opened(photos.preview(photo, 300, covered=False))
    assert pictures.apart(bare.getpixel((60, 40)), (0, 0, 0)) > 60
    assert pictures.opened(photos.preview(photo, 300, grey=True)).mode == "L"
    assert pictures.opened(photos.preview(photo, 5000)).size == (1500, 1000)


def test_a_blurred_preview_has_no_edge_left() -> None:
    photo = photos.admit(pictures.encoded(pictures.quarters(300), "PNG")).photo
    blurred = pictures.opened(photos.preview(photo, 400, blurred=True)).convert("L")
    steps = [abs(blurred.getpixel((x, 50)) - blurred.getpixel((x + 1, 50))) for x in range(399)]
    assert max(steps) < 8
