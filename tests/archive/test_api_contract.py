"""The read API answers as the contract says, and as the pages do."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import escape, unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from archive import catalogue, jobs
from archive.models.story import Story
from tests import factories

# contract.md, "API": what a program may rely on. More may come; nothing of this may go.
FOUND = {"count", "next", "previous", "did_you_mean", "facets", "results"}
FACETS = {"theme", "kind", "place", "language", "decade", "content_note"}
WHOLE = {
    "id", "url", "kind", "title", "byline", "language", "date", "places", "themes",
    "content_notes", "summary", "text", "html", "photos", "permitted_uses", "citation", "related",
}  # fmt: skip
BRIEF = WHOLE - {"text", "html", "photos", "citation", "related"}
PHOTO = {"alt", "caption", "credit", "width", "height", "sources"}
QUESTIONS = (
    {},
    {"q": "bus"},
    {"q": '"four in the morning" OR bread'},
    {"q": "bred"},
    {"theme": "visits"},
    {"theme": ["visits", "letters"], "sort": "title"},
    {"place": "attica", "kind": "story"},
    {"language": "es"},
    {"from": "1990", "to": "1999"},
    {"without": "death"},
    {"q": "nothing at all xqzzy"},
    {"page": "2"},
    {"sort": "nonsense", "from": "MCMXC"},
)


@pytest.fixture
def furnished(db: None) -> Story:
    """Enough stories for two pages; the one that is returned has everything."""
    catalogue.ensure()
    with factories.committed():
        whole = factories.published(
            factories.telling(
                place=factories.place("attica"),
                year_from=1994,
                season="spring",
                content_notes=("death",),
                summary="Two hours on the road.",
            ),
            themes=[factories.theme("visits"), factories.theme("letters")],
            enclosed=[factories.enclosed(caption="The bus.", credit="Drawn for a test.")],
        )
        for number in range(21):
            factories.published(
                factories.telling(
                    title=f"Bread {number}",
                    body=f"We baked bread on day {number}.",
                    language="es" if number % 3 == 0 else "en",
                )
            )
    jobs.run_due()
    return Story.objects.get(pk=whole.pk)


def ask(client: Client, path: str, asked: Any = None) -> Any:
    response = client.get(f"/api/v1/{path}", asked or {})
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    return response.json()


def test_a_search_has_the_shape_of_the_contract(client: Client, furnished: Story) -> None:
    answer = ask(client, "stories/", {"q": "bus"})
    assert set(answer) >= FOUND
    assert set(answer["facets"]) == FACETS
    for options in answer["facets"].values():
        assert all(set(option) == {"value", "label", "count"} for option in options)
    (result,) = answer["results"]
    assert set(result) >= BRIEF | {"snippet"}
    assert not {"text", "html"} & set(result)
    assert answer["facets"]["theme"] == [
        {"value": "letters", "label": "Letters", "count": 1},
        {"value": "visits", "label": "Visits", "count": 1},
    ]


def test_a_story_has_the_shape_of_the_contract(client: Client, furnished: Story) -> None:
    story = ask(client, f"stories/{furnished.public_id}/")
    assert set(story) >= WHOLE
    assert story["id"] == furnished.public_id
    assert story["url"].endswith(furnished.get_absolute_url())
    assert story["date"] == "1994"
    assert story["text"] == factories.BODY
    assert story["html"] == furnished.body_html
    assert [place["slug"] for place in story["places"]] == ["attica"]
    assert {theme["slug"] for theme in story["themes"]} == {"visits", "letters"}
    assert story["content_notes"] == ["death"]
    assert story["permitted_uses"] == ["quote", "teach"]
    (photo,) = story["photos"]
    assert set(photo) >= PHOTO
    assert (photo["caption"], photo["credit"]) == ("The bus.", "Drawn for a test.")
    for source in photo["sources"]:
        assert set(source) == {"url", "width", "height", "format"}
        assert client.get(source["url"].partition("8000")[2]).status_code == 200


def test_nothing_private_has_a_name_there(client: Client, furnished: Story) -> None:
    """Ids of ours, states, contacts and withdrawn things are no part of any answer."""
    said = json.dumps(
        [ask(client, "stories/"), ask(client, f"stories/{furnished.public_id}/")]
    ).lower()
    for word in ("reference", "submission", "contact", "email", "example.org", "withdrawn", '"pk"'):
        assert word not in said


@pytest.mark.parametrize("name", ["themes", "places", "campaigns"])
def test_vocabulary_comes_with_counts(client: Client, furnished: Story, name: str) -> None:
    factories.campaign()
    entries = ask(client, f"{name}/")
    assert entries
    for entry in entries:
        assert set(entry) >= {"slug", "label", "count", "url"}
        assert client.get(entry["url"].partition("8000")[2]).status_code == 200


def test_suggestions_have_text_kind_and_url(client: Client, furnished: Story) -> None:
    found = ask(client, "suggest/", {"q": "vis"})["suggestions"]
    assert {"text": "Visits", "kind": "theme"}.items() <= found[0].items()
    assert all(set(each) == {"text", "kind", "url"} for each in found)
    assert all(client.get(each["url"].partition("8000")[2]).status_code == 200 for each in found)
    assert ask(client, "suggest/") == {"suggestions": []}


# --- the same answers as the pages ------------------------------------------------------------------


@pytest.mark.parametrize("asked", QUESTIONS, ids=str)
def test_page_feed_and_api_say_the_same(client: Client, furnished: Story, asked: Any) -> None:
    answer = ask(client, "stories/", asked)
    page = client.get("/stories/", asked)
    listing = page.context["found"]
    assert answer["count"] == listing.total
    wanted = [result["story"].public_id for result in listing.results]
    assert [result["id"] for result in answer["results"]] == wanted
    feed = client.get("/stories/feed.atom", asked).content.decode()
    assert re.findall(r"<id>[^<]*/stories/([0-9a-z]{10})/", feed) == wanted
    (itself,) = re.findall(r'<link href="([^"]+)" rel="self"', feed)
    question = listing.found.question
    assert unescape(itself).endswith(question.address("/stories/feed.atom"))
    followed = replace(question, sort="newest", page=1).address("/stories/feed.atom")
    assert f'href="{escape(followed)}"' in page.content.decode()
    shown = {
        facet["name"]: {option["value"]: option["count"] for option in facet["options"]}
        for facet in listing.facets
    }
    for name, options in shown.items():
        said = {option["value"]: option["count"] for option in answer["facets"][name]}
        assert options.items() <= said.items()


def test_every_page_of_a_list_is_linked_and_each_story_comes_once(
    client: Client, furnished: Story
) -> None:
    seen: list[str] = []
    address = "/api/v1/stories/?sort=title"
    while address:
        answer = client.get(address).json()
        seen += [result["id"] for result in answer["results"]]
        address = (answer["next"] or "").partition("8000")[2]
    assert len(seen) == len(set(seen)) == answer["count"] == 22
    assert answer["previous"].endswith("sort=title")
    beyond = ask(client, "stories/", {"page": "9"})
    assert (beyond["results"], beyond["next"]) == ([], None)


def test_a_misspelt_word_is_answered_and_said(client: Client, furnished: Story) -> None:
    answer = ask(client, "stories/", {"q": "mornnig"})
    assert answer["did_you_mean"] == "morning"
    assert answer["count"] == 1
    assert ask(client, "stories/", {"q": "mornnig", "literal": "1"})["count"] == 0


def test_the_language_of_the_answer_can_be_asked_for(client: Client, furnished: Story) -> None:
    theme = furnished.themes.get(slug="letters")
    theme.label_es = "Cartas"
    theme.save()
    said = client.get("/api/v1/themes/", HTTP_ACCEPT_LANGUAGE="es")
    labels = [entry["label"] for entry in said.json()]
    assert "Cartas" in labels
    assert "Accept-Language" in said["Vary"]


def test_a_snippet_holds_nothing_but_marks(client: Client, db: None, shared_data: Path) -> None:
    catalogue.ensure()
    lines = (shared_data / "hostile-text" / "payloads.jsonl").read_text().splitlines()
    attacks = [json.loads(line)["payload"] for line in lines if "<" in line][::60]
    with factories.committed():
        for attack in attacks:
            body = f"{attack} needle {attack}"
            factories.published(factories.telling(title=attack[:180] or "x", body=body))
    address = "/api/v1/stories/?q=needle"
    checked = 0
    while address:
        answer = client.get(address).json()
        for result in answer["results"]:
            bare = result["snippet"].replace("<mark>", "").replace("</mark>", "")
            assert "<" not in bare
            assert ">" not in bare
            assert "<mark>needle</mark>" in result["snippet"]
            checked += 1
        address = (answer["next"] or "").partition("8000")[2]
    assert checked == len(attacks)


# --- errors -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", "stories/0000000000/", 404, "not_found"),
        ("get", "stories/%00/", 404, "not_found"),
        ("get", "stories/1/2/", 404, "not_found"),
        ("get", "nothing/", 404, "not_found"),
        ("post", "stories/", 405, "method_not_allowed"),
        ("delete", "stories/0000000000/", 405, "method_not_allowed"),
        ("put", "themes/", 405, "method_not_allowed"),
    ],
)
def test_an_error_is_a_sentence_and_a_code(
    client: Client, db: None, method: str, path: str, status: int, code: str
) -> None:
    response = getattr(client, method)(f"/api/v1/{path}")
    assert response.status_code == status
    assert response["Content-Type"] == "application/json"
    assert response.json()["code"] == code
    assert response.json()["detail"].endswith(".")


def test_only_json_is_spoken(client: Client, db: None) -> None:
    response = client.get("/api/v1/themes/", HTTP_ACCEPT="application/pdf")
    assert response.status_code == 406
    assert response.json()["code"] == "not_acceptable"


def test_a_story_that_went_is_as_one_that_never_was(client: Client, db: None) -> None:
    catalogue.ensure()
    with factories.committed():
        piece = factories.withdrawn()
    gone = client.get(f"/api/v1/stories/{piece.story.public_id}/")
    never = client.get("/api/v1/stories/0000000000/")
    assert (gone.status_code, gone.content) == (never.status_code, never.content)
    assert ask(client, "stories/")["count"] == 0
