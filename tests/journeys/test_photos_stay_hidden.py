"""No stranger gets a byte of a photograph that is not public, by any address that there is.

For a draft, a declined, a scheduled and a withdrawn piece every address of the URL map is asked,
with every key, reference, number and file name that belongs to its photographs put into it; and
what a published one answers is kept beside it, so that the test cannot pass by asking nothing.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from archive import catalogue, jobs, publication
from archive.models.person import Role
from archive.models.story import Story
from archive.models.submission import State, Submission
from media.models import Photo, Picture, Rendition
from tests import factories, pictures
from tests.archive import ground
from tests.factories import allowed, at_the_desk, enclosed

pytestmark = pytest.mark.django_db


def photographed(**more: Any) -> dict[str, Any]:
    return {"enclosed": [enclosed(pictures.jpeg(400, 300), caption="Only for us.")], **more}


def draft() -> Submission:
    """Written as life would leave it: enclosed, and not yet sent."""
    piece = factories.submission(**photographed())
    Submission.objects.filter(pk=piece.pk).update(state=State.DRAFT)
    return piece


HIDDEN = {
    "draft": draft,
    "waiting": lambda: factories.submission(**photographed()),
    "declined": lambda: factories.declined(**photographed()),
    "scheduled": lambda: scheduled(),
    "withdrawn": lambda: factories.withdrawn(**photographed()),
    "one plate": lambda: taken_down(),
}


def scheduled() -> Submission:
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    return factories.in_public(permits=allowed(public_from=tomorrow), **photographed())


def taken_down() -> Submission:
    piece = factories.in_public(**photographed())
    jobs.run_due()
    publication.take_down(piece, plate=1, by=at_the_desk(Role.EDITOR))
    return piece


def names(patterns: Any = None) -> Iterator[str]:
    """Every named address, those of other applications with their prefix left out."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            yield from names(entry.url_patterns)
        elif isinstance(entry, URLPattern) and entry.name:
            yield entry.name


def addresses(values: list[Any]) -> Iterator[str]:
    """Every address with every one of these values in every place."""
    for name in sorted(set(names())):
        for arity in range(4):
            for given in itertools.product(values, repeat=arity):
                try:
                    yield reverse(name, args=given)
                except NoReverseMatch:
                    continue


def everything_known_of(piece: Submission, files: set[str]) -> list[Any]:
    """Keys, references and names: more than any stranger could guess."""
    known: list[Any] = [piece.reference, 1, 240, 960, *sorted(files)]
    row = piece.enclosures.select_related("photo", "picture").get()
    known += [row.pk, row.photo_id, row.photo.name]
    if row.picture is not None:
        known += [row.picture.pk, row.picture.name]
    story = Story.objects.filter(pk=piece.story_id).first()
    if story is not None:
        known += [story.public_id, story.slug]
    return list(dict.fromkeys(known))


def is_picture(answer: Any) -> bool:
    body = answer.getvalue() if answer.streaming else answer.content
    heads = (b"\xff\xd8\xff", b"RIFF", b"\x89PNG")
    return answer.headers.get("Content-Type", "").startswith("image/jp") or body.startswith(heads)


def found_by_strangers(client: Client, known: list[Any]) -> list[str]:
    """Addresses that answered with pixels, or with a page that names a file of the gallery."""
    found = []
    for address in addresses(known):
        if address.endswith("/card.png"):
            continue  # drawn from title and byline alone (media.cards), no photograph goes in
        answer = client.get(address)
        body = answer.getvalue() if answer.streaming else answer.content
        if is_picture(answer) or b"/gallery/" in body or b"data:image/" in body:
            found.append(address)
    return found


@pytest.mark.parametrize("state", HIDDEN)
def test_no_stranger_finds_a_byte(state: str, client: Client) -> None:
    catalogue.ensure()
    with factories.committed():
        piece = HIDDEN[state]()
    piece = Submission.objects.get(pk=piece.pk)
    seen = set(Rendition.objects.values_list("name", flat=True))
    jobs.run_due()
    seen |= set(Rendition.objects.values_list("name", flat=True))
    seen |= {path.name for path in ground.files_below(ground.stores()[1])}
    known = everything_known_of(piece, seen)
    assert found_by_strangers(client, known) == []
    for name in known:
        for path in (f"/gallery/{name}", f"/vault/{name}", f"/media/{name}", f"/static/{name}"):
            assert not is_picture(client.get(path)), path


def test_the_same_questions_find_what_is_public(client: Client) -> None:
    catalogue.ensure()
    with factories.committed():
        piece = factories.in_public(**photographed())
    jobs.run_due()
    seen = set(Rendition.objects.values_list("name", flat=True))
    found = found_by_strangers(client, everything_known_of(piece, seen))
    assert {f"/gallery/{name}" for name in seen} <= set(found)
    assert piece.story.get_absolute_url() in found


def test_an_old_address_of_a_withdrawn_photograph_says_what_any_wrong_one_says(
    client: Client,
) -> None:
    with factories.committed():
        piece = factories.in_public(**photographed())
    jobs.run_due()
    address = Rendition.objects.first().url
    tag = client.get(address)["ETag"]
    with factories.committed():
        publication.take_down(piece, plate=1, by=at_the_desk(Role.EDITOR))
    never = client.get(f"/gallery/{'0' * 32}.jpg")
    for headers in ({}, {"HTTP_IF_NONE_MATCH": tag}, {"HTTP_RANGE": "bytes=0-9"}):
        gone = client.get(address, **headers)
        assert (gone.status_code, gone.content) == (404, never.content)
    assert not Picture.objects.exists()
    assert Photo.objects.exists(), "hidden is not lost"


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.jpg", "<img src=x onerror=alert(1)>.jpg", "Denise Ortiz Elmira.jpg"]
)
def test_no_uploader_s_file_name_is_kept_or_shown(name: str, client: Client) -> None:
    upload = SimpleUploadedFile(name, pictures.jpeg(400, 300), content_type="text/html")
    with factories.committed():
        piece = factories.in_public(enclosed=[enclosed(upload)])
    jobs.run_due()
    page = client.get(piece.story.get_absolute_url()).content.decode()
    client.force_login(at_the_desk(Role.EDITOR))
    desk = client.get(reverse("desk_photographs", args=[piece.reference])).content.decode()
    stem = name.removesuffix(".jpg")
    for shown in (
        page,
        desk,
        ground.every_value(),
        ground.bytes_below(*ground.stores()).decode("latin-1"),
    ):
        assert stem not in shown
