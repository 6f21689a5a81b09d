"""Every template is rendered by somebody, asks nothing of other hosts, and brings no style or script.

The visits below are looked at together: a template that none of them renders fails the test, so
that no page grows old unseen. Components must also stand in the gallery at the desk.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import auth as recovery_codes
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Template
from django.template.loader import get_template, render_to_string
from django.test import Client, RequestFactory
from django.test.signals import template_rendered

from archive import catalogue, invitations, jobs, moderation, publication
from archive.models.person import Role
from archive.models.submission import Submission
from tests import factories, pictures
from tests.archive.journeying import Visitor
from tests.conftest import Cast
from tests.passkey import Device

FOLDER = Path(settings.BASE_DIR) / "templates"
TEMPLATES = sorted(
    path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.suffix == ".html"
)
COMPONENTS = [name for name in TEMPLATES if name.startswith("components/")]
# Pages that an error brings, or a part of the sign-in library that we do not use yet.
ALONE: dict[str, dict[str, Any]] = {
    "403.html": {},
    "500.html": {},
    "public/refused.html": {"sentence": "That is too large.", "back_url": "/"},
    "allauth/elements/alert.html": {"slots": {}},
    "allauth/elements/badge.html": {"slots": {}, "attrs": {"title": "x"}},
}


SOME_OPTIONS = {"publicKey": {"challenge": "b2xk", "user": {"id": "MQ"}}}


def source(name: str) -> str:
    return (FOLDER / name).read_text()


def markup(name: str) -> str:
    """The template without its comments, which may speak of anything."""
    text = re.sub(r"{% comment %}.*?{% endcomment %}", "", source(name), flags=re.DOTALL)
    return re.sub(r"{#.*?#}", "", text)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_compiles_and_brings_nothing_of_its_own(name: str) -> None:
    get_template(name)
    text = markup(name)
    assert not re.findall(r"\sstyle=|<style|\son[a-z]+=", text), "style belongs into a sheet"
    inline = [tag for tag in re.findall(r"<script[^>]*>", text) if "src=" not in tag]
    assert all('type="application/ld+json"' in tag for tag in inline), "scripts are files of ours"
    named = re.findall(
        r"(?:href|src|action|srcset|content|url)=[\"']?(?:https?:)?//[^\"' >]+", text
    )
    assert not named, "no address of another host is written into a page"
    assert "|safe" not in text or name == "desk/components.html", "what is safe says so itself"


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_says_how_it_is_used_and_stands_in_the_gallery(name: str) -> None:
    said = re.match(r"{% comment %}(.*?){% endcomment %}", source(name), flags=re.DOTALL)
    assert said, "it begins with a comment"
    assert f'{{% include "{name}"' in said[1], "the comment shows how to include it"
    gallery = source("desk/components.html")
    part = Path(name).stem
    assert f'id="of-{part}"' in gallery
    if part != "flash":  # the gallery, as every desk page, begins with the messages there are
        assert f'{{% include "{name}"' in gallery


@pytest.fixture
def rendered() -> Iterator[set[str]]:
    """The names of all templates rendered while the test runs."""
    names: set[str] = set()

    def note(sender: object, template: Template, **_more: object) -> None:
        if template.name:
            names.add(template.name)

    template_rendered.connect(note)
    yield names
    template_rendered.disconnect(note)


def _furnish(cast: Cast) -> Submission:
    """A story behind notes, a photo project, a campaign; a piece with a photo and a letter."""
    catalogue.ensure()
    factories.campaign(calls=[{"label_en": "Sign", "url": "/about/", "outside": True}])
    with factories.committed():
        factories.published(
            factories.telling(content_notes=("death",), pull_quotes=["It was still dark."]),
            themes=[factories.theme()],
            enclosed=[factories.enclosed()],
        )
        factories.published(
            factories.telling(title="Plates", place=factories.place("attica")),
            kind="photo_project",
            enclosed=[factories.enclosed(transcript="Dear son")],
        )
        for number in range(20):
            factories.published(
                factories.telling(title=f"Bread {number}", language="es", year_from=1980 + number)
            )
    jobs.run_due()
    piece = factories.submission(enclosed=[factories.enclosed()])
    factories.moderation.ask(piece, "Where was it?", version=1, by=cast.ines)
    return piece


def _read(client: Client) -> None:
    for address in (
        "/", "/stories/", "/stories/?q=mornnig", "/stories/?theme=visits", "/stories/?q=xqzzy",
        "/stories/?sort=x", "/themes/", "/themes/visits/", "/places/", "/places/attica/",
        "/campaigns/", "/campaigns/closer-to-home/", "/about/", "/help/search/", "/nothing/", "/news/",
        "/newsletter/", "/newsletter/asked/", "/newsletter/confirm/x/", "/newsletter/leave/x/",
        "/api/docs/",
    ):  # fmt: skip
        client.get(address)
    for result in client.get("/stories/?sort=oldest").context["found"].results:
        client.get(result["url"])
        client.get(f"/stories/{result['story'].public_id}/report/")
    project = client.get("/stories/?kind=photo_project").context["found"].results[0]["url"]
    client.get(project)
    client.get(f"{project}plates/1/")


def _share(client: Client) -> None:
    for address in (
        "/share/",
        "/share/story/",
        "/share/photos/",
        "/share/receipt/",
        "/share/leave/",
    ):
        client.get(address)
    client.post("/share/story/", {})
    told = {"body": "The bus.", "language": "en", "adult": "yes", "name_shown": "none"}
    safest = {"place_shown": "none", "date_shown": "season", "audience": "team", "editing": "show"}
    client.post("/share/story/", {**told, **safest, "on_behalf": "self"})
    code = factories.received(permits=factories.allowed(audience="review")).code
    opened = client.post("/share/receipt/", {"code": code})
    client.post("/share/receipt/", {"key": opened.context["key"], "verb": "withdraw"})
    for step in ("before", "story", "questions", "photos", "who", "use", "look"):
        client.post("/share/story/", {**told, "step": step, "go": "stay"})
    client.post("/share/story/", {**told, "body": "My sister Lena Okafor.", "go": "step:look"})
    client.post("/share/story/", {**told, "step": "story", "go": "step:questions"})
    client.post("/share/story/", {**told, "go": "stop"})
    client.post("/share/receipt/", {"key": opened.context["key"], "verb": "change"})
    client.post("/share/receipt/", {"key": opened.context["key"], "verb": "erase now"})
    Client(enforce_csrf_checks=True).post("/share/story/", {"body": "x"})


def _bring() -> None:
    """A photograph in the journey, its covers, and one that is public under its receipt."""
    upload = SimpleUploadedFile("a.jpg", pictures.jpeg(64, 48), "image/jpeg")
    visitor = Visitor("/share/photos/").press().press("stay", photos=[upload])
    visitor.press(f"cover:{Submission.objects.latest('pk').enclosures.get().pk}")
    received = factories.received(enclosed=[factories.enclosed()])
    editor = factories.at_the_desk(Role.EDITOR)
    moderation.accept(received.submission, version=1, by=editor)
    piece = Submission.objects.get(pk=received.submission.pk)
    publication.publish(piece, version=1, themes=(), by=editor)
    visitor.come_back(received.code)


def _work(client: Client, cast: Cast, piece: Submission) -> None:
    client.get("/desk/account/login/")
    client.force_login(cast.odell)
    for address in (
        "/desk/", "/desk/?state=asked", "/desk/themes/", "/desk/components/", "/desk/campaigns/",
        "/desk/campaigns/closer-to-home/", "/desk/news/", "/desk/news/new/", "/desk/pages/",
        "/desk/pages/about/", "/desk/newsletter/", "/desk/concerns/",
        "/desk/morning/", "/desk/ledger/", "/desk/people/", "/desk/care/", "/desk/reasons/",
        "/desk/themes/new/", "/desk/views/", "/desk/places/", "/desk/places/attica/",
        "/desk/account/password/change/", "/desk/account/mfa/", "/desk/account/reauthenticate/",
        "/desk/account/password/reset/",
    ):  # fmt: skip
        client.get(address, follow=True)
    client.post("/desk/next/", follow=True)
    client.get(f"/desk/pieces/{piece.reference}/")
    client.get(f"/desk/pieces/{piece.reference}/compare/")
    client.post(f"/desk/pieces/{piece.reference}/contact/", {"reason": "safety"})
    client.get(f"/desk/pieces/{piece.reference}/photos/")
    client.get(f"/desk/pieces/{piece.reference}/photos/{piece.enclosures.get().pk}/")
    Client().get(f"/desk/invited/{invitations.invite('Mina', 'moderator', by=cast.odell)}/")
    client.post("/desk/many/", {"piece": piece.reference, "deed": "assign", "person": cast.ruth.pk})
    _second_factor(client, cast)
    client.get("/desk/account/logout/")


def _second_factor(client: Client, cast: Cast) -> None:
    """A passkey in every page that it has; it could sign nothing."""
    key = Device()
    data = {"name": "x", "credential": json.loads(key.make(SOME_OPTIONS))}
    row = Authenticator.objects.create(user=cast.odell, type="webauthn", data=data)
    client.post("/desk/account/reauthenticate/", {"password": "odell of the desk"})
    own = f"keys/{row.pk}/"
    for page in ("", "add/", f"{own}edit/", f"{own}remove/", "reauthenticate/"):
        client.get(f"/desk/account/mfa/webauthn/{page}")
    client.get("/desk/account/mfa/totp/activate/")
    recovery_codes.RecoveryCodes.activate(cast.odell)
    totp.TOTP.activate(cast.odell, totp.generate_totp_secret())
    for page in ("totp/deactivate/", "recovery-codes/", "recovery-codes/generate/"):
        client.get(f"/desk/account/mfa/{page}")
    again = Client()
    again.force_login(cast.odell)
    again.get("/desk/account/mfa/reauthenticate/")
    client.post("/desk/account/mfa/recovery-codes/generate/", follow=True)
    said = {"login": "odell", "password": "odell of the desk"}
    Client().post("/desk/account/login/", said, follow=True)


def test_every_template_is_rendered_by_somebody(
    client: Client, cast: Cast, rendered: set[str]
) -> None:
    piece = _furnish(cast)
    _read(client)
    _share(client)
    _bring()
    _work(client, cast, piece)
    request = RequestFactory().get("/")
    for name, context in ALONE.items():
        assert name not in rendered, f"{name} is rendered by a page now: take it out of the table"
        render_to_string(name, context, None if name == "500.html" else request)
    unseen = sorted(set(TEMPLATES) - rendered)
    assert not unseen, f"nobody renders {', '.join(unseen)}"


def test_the_page_for_our_own_mistakes_needs_nothing() -> None:
    """No context, no database: that may be what is broken."""
    page = render_to_string("500.html")
    assert "Something broke on our side" in page
    assert "Algo falló" in page
