"""Views of the queue that somebody keeps: hers alone, filters only, few, and every refusal a sentence."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from archive import invitations
from archive.models.person import Person, SavedView
from archive.models.review import LedgerEntry
from tests import factories

pytestmark = pytest.mark.django_db
VIEWS = "/desk/views/"
SPANISH = {"state": "waiting", "language": "es", "note": "none"}


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def keep(client: Client, name: str = "Spanish, easy", **filters: str) -> Any:
    return client.post(VIEWS, {"verb": "keep", "name": name, **(filters or SPANISH)})


def own(client: Client, query: str = "") -> list[dict[str, Any]]:
    return list(client.get(f"/desk/?{query}").context["own_views"])


def test_what_is_kept_is_a_plain_link_to_the_same_list(ines: Person) -> None:
    for language in ("en", "es"):
        factories.submission(factories.telling(title=language, language=language))
    client = signed_in(ines)
    assert keep(client)["Location"] == "/desk/"
    [view] = own(client)
    assert (view["label"], view["current"]) == ("Spanish, easy", False)
    page = client.get(view["url"])
    assert [row["title"] for row in page.context["pieces"]] == ["es"]
    assert page.context["own_views"][0]["current"]
    assert view["label"] in page.content.decode()
    assert not LedgerEntry.objects.filter(about__startswith="view").exists()


def test_the_form_in_the_queue_keeps_the_filters_and_not_the_search(ines: Person) -> None:
    client = signed_in(ines)
    assert "Keep this view" not in client.get("/desk/").content.decode()
    page = client.get("/desk/?language=es&q=Oxenbould").content.decode()
    form = page.partition('<details class="keep-view">')[2].partition("</details>")[0]
    assert 'name="language" value="es"' in form
    assert "Oxenbould" not in form
    assert "The words of your search are not kept" in form
    assert keep(client, language="es", q="Oxenbould").status_code == 422
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({"name": ""}, "Give the view a name."),
        ({"name": " \n "}, "Give the view a name."),
        ({"name": "x" * 41}, "A name of at most 40 letters"),
        ({"name": "HARD"}, "You have a view of this name already."),
        ({"note": "nonsense"}, "does not know one of these filters"),
        ({"language": "xx"}, "does not know one of these filters"),
        ({"state": "erased"}, "does not know one of these filters"),
        ({"state": "draft"}, "does not know one of these filters"),
        ({"who": "ruth"}, "does not know one of these filters"),
        ({"colour": "red"}, "does not know one of these filters"),
        ({"language": "", "note": ""}, "Choose a filter in the queue first."),
    ],
)
def test_what_cannot_be_kept_is_a_sentence_and_loses_nothing(
    ines: Person, posted: dict[str, str], sentence: str
) -> None:
    client = signed_in(ines)
    keep(client, "hard", note="death")
    answer = client.post(VIEWS, {"verb": "keep", "name": "easy", **SPANISH, **posted})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    if name := posted.get("name", "easy").strip():
        assert f'value="{name}"' in page, "what she typed comes back"
    assert SavedView.objects.count() == 1


def test_renamed_and_removed_by_her_alone(ines: Person, ruth: Person) -> None:
    hers, other = signed_in(ines), signed_in(ruth)
    keep(hers)
    keep(hers, "tough", note="death")
    row = SavedView.objects.get(name="tough")
    assert own(other) == []
    assert "tough" not in other.get(VIEWS).content.decode()
    for verb in ("rename", "remove"):
        assert other.post(VIEWS, {"verb": verb, "view": row.pk, "name": "x"}).status_code == 404
    for strange in ("", "x", "9" * 30, "-1", "²"):
        assert hers.post(VIEWS, {"verb": "remove", "view": strange}).status_code == 404
    assert hers.post(VIEWS, {"verb": "nonsense", "view": row.pk}).status_code == 404
    refused = hers.post(VIEWS, {"verb": "rename", "view": row.pk, "name": "spanish, EASY"})
    assert "of this name already" in refused.content.decode()
    hers.post(VIEWS, {"verb": "rename", "view": row.pk, "name": "Hard to read"})
    assert [view["label"] for view in own(hers)] == ["Hard to read", "Spanish, easy"]
    hers.post(VIEWS, {"verb": "remove", "view": row.pk})
    assert [view["label"] for view in own(hers)] == ["Spanish, easy"]


def test_only_so_many_and_none_after_she_has_left(
    ines: Person, odell: Person, settings: Settings
) -> None:
    settings.SAVED_VIEWS_MAX = 2
    client = signed_in(ines)
    answers = [keep(client, name).status_code for name in "abc"]
    assert answers == [302, 302, 409]
    invitations.leave(ines, by=odell)
    assert not SavedView.objects.exists()
