"""What readers may send to the public pages, kindly meant or not: there is always a page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from archive import catalogue, questions
from archive.models.story import Story
from archive.models.work import Job
from tests import factories

OPENING = "We waited by the gate all of that long morning and half of the afternoon. It rained."
ODD = {
    "nothing": "q=",
    "beyond the last page": "page=10000",
    "page zero": "page=0",
    "page of another script": "page=٣",
    "negative page": "page=-1",
    "year of another calendar": "from=99999",
    "year too long for an index": "from=000001994" + "9" * 80,
    "years the wrong way round": "from=2010&to=1990",
    "unknown theme": "theme=nobody-wrote-this",
    "unknown order": "sort=random",
    "NUL": "q=%00bus%00&theme=%00&place=%00&from=%00&page=%00",
    "no UTF-8": "q=%ff%fe%c3%28&theme=%ff",
    "half a surrogate": "q=%ed%a0%80",
    "long": "q=" + "a" * 6000,
    "many words": "q=" + "a+" * 3000,
    "many themes": "&".join(f"theme=t{number}" for number in range(500)),
    "brackets": "q=" + "(" * 150,
    "star": "q=*",
    "stars": "q=" + "*a" * 60,
    "only minus": "q=-",
    "open quotation": 'q="the+bus',
    "field without a word": "q=title:",
    "range without an end": "q=year:[1990+TO",
    "right to left": "q=%E2%80%AEsub",
    "list for one": "q[]=bus&q[0]=bus&page[]=2",
    "percent": "q=%&%=%&=",
    "template": "q={{7*7}}{%25+debug+%25}",
    "formatting": "sort=%25s%25(x)s&from=%25d&q=%25s",
}


@pytest.fixture
def furnished(db: None) -> None:
    """Two stories, found by an index that stands."""
    catalogue.ensure()
    with factories.committed():
        factories.published(themes=[factories.theme()])
        factories.published(factories.telling(title="Bread", body="We baked at four."))
    assert catalogue.find(questions.Question(q="bus")).total == 1


@pytest.mark.parametrize(
    "address", ["/stories/", "/es/stories/", "/stories/feed.atom", "/themes/visits/"]
)
def test_no_question_is_an_error(client: Client, furnished: None, address: str) -> None:
    for name, asked in ODD.items():
        response = client.get(f"{address}?{asked}")
        assert response.status_code == 200, name
        assert b"\x00" not in response.content, name
    assert not Job.objects.filter(kind="catalogue.rebuild").exists(), "the index was given up"


SAID = (
    ("from=99999", "“99999” is not a year"),
    ("from=00000199499", "“00000199499” is not a year"),
    ("sort=random", "“random” is not an order"),
    ("kind=poem", "“poem” is not a choice"),
    ("page=x", "“x” is not a page number"),
    ("page=10000", "Lists end at page 50"),
    ("page=7", "There is no page 7"),
)


def test_what_makes_no_sense_is_said_in_a_sentence(client: Client, furnished: None) -> None:
    for sent, said in SAID:
        page = client.get(f"/stories/?{sent}").content.decode()
        assert said in page, sent
        assert "The four o&#x27;clock bus" in page, "and everything is shown all the same"


HEADERS: tuple[dict[str, Any], ...] = (
    {"HTTP_COOKIE": "desk=" + "x" * 6000},
    {"HTTP_COOKIE": "; ".join(f"c{number}=1" for number in range(400))},
    {"HTTP_COOKIE": "desk=\x00\xff; csrftoken=<script>"},
    {"HTTP_COOKIE": "messages=bm90IG91cnM=; django_language=xx"},
    {"HTTP_ACCEPT_LANGUAGE": "xx-" + "y" * 3000},
    {"HTTP_ACCEPT_LANGUAGE": ",;q=,*;q=9"},
    {"HTTP_ACCEPT_ENCODING": "gzip;q=0"},
    {"HTTP_IF_NONE_MATCH": '"' * 300},
    {"HTTP_IF_MODIFIED_SINCE": "yesterday"},
    {"HTTP_ACCEPT": "text/html;q=x, ;;"},
    {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_X_FORWARDED_PROTO": "https"},
    {"HTTP_REFERER": "javascript:alert(1)"},
    {"HTTP_RANGE": "bytes=0-0,5-"},
    {"CONTENT_TYPE": "multipart/form-data; boundary="},
)


def test_no_header_breaks_a_page(client: Client, furnished: None) -> None:
    for sent in HEADERS:
        response = client.get("/stories/?q=bus", **sent)
        assert response.status_code == 200, sent
        assert "evil" not in response.content.decode(errors="replace"), sent
        assert client.get("/desk/", **sent).status_code == 302, sent


PATHS = (
    "/stories/%00/",
    "/stories/..%2f..%2fetc/",
    "/themes/%00/",
    "/es/es/",
    "/en/",
    "/gallery/..%2fsecret.key",
    "/gallery/%00.webp",
    "/api/v1/stories/%00/",
    "/api/v1/stories/%F0%9F%9A%8C/",
    "/api/v1/stories/" + "0" * 3000 + "/",
    "/static/..%2fsecret.key",
    "/%ff%fe/",
    "/desk/pieces/%00/",
    "/admin/",
)


def test_no_path_breaks_a_page(client: Client, furnished: None) -> None:
    for path in PATHS:
        response = client.get(path)
        assert response.status_code in (301, 302, 404), path
        assert not response.headers.get("Location", "").startswith(("//", "http")), path


def test_gone_declined_and_never_been_are_one_page(client: Client, db: None) -> None:
    """To the byte, but for the address that the page names in its language links."""
    with factories.committed():
        piece = factories.withdrawn()
    declined = factories.declined()
    answers = {
        client.get(f"/stories/{identifier}/").content.decode().replace(identifier, "")
        for identifier in (piece.story.public_id, declined.reference, "0000000000")
    }
    assert len(answers) == 1
    assert client.get(piece.story.get_absolute_url()).status_code == 404


def test_an_opening_ends_with_a_sentence_and_not_with_a_title() -> None:
    then = "Then came Mr. Ortiz, who had the keys and was in no hurry, for he never was, and said"
    assert Story(body=f"{OPENING} {then} " + "so it goes and goes " * 20).opening == OPENING
