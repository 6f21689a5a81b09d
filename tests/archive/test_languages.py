"""Both languages are whole: nothing untranslated, nothing broken in translation, nothing unmarked.

The catalogue is read as the translators edit it; compiling it is tried in `test_begin`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.urls import LocalePrefixPattern, URLPattern, get_resolver, reverse
from django.utils import translation

from archive import catalogue, jobs
from archive.models.editorial import News
from archive.models.story import Story
from tests import factories

CATALOGUE = Path("archive/locale/es/LC_MESSAGES/django.po")
# What holds sentences of ours; the rest of the folder is made, kept or tried.
SOURCES = ("archive", "config", "media", "search", "templates", "manage.py")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|{\w*}|</?\w[^>]*>|&\w+;|\n")
# Words that make a person of what happened to them, and the shout that no page of ours needs.
NEVER = re.compile(
    r"[!¡]|\b(reos?|presos?|presas?|convict[oa]s?|delincuentes?|criminales|ilegales|intern[oa]s?)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def spanish() -> polib.POFile:
    return polib.pofile(str(settings.BASE_DIR / CATALOGUE))


def pairs(entry: polib.POEntry) -> list[tuple[str, str]]:
    """Each English form beside the Spanish one that takes its place."""
    if entry.msgid_plural:
        forms = entry.msgstr_plural
        return [(entry.msgid, forms.get(0, "")), (entry.msgid_plural, forms.get(1, ""))]
    return [(entry.msgid, entry.msgstr)]


def test_every_sentence_is_said_in_spanish(spanish: polib.POFile) -> None:
    assert len(spanish) > 600
    missing = [entry.msgid for entry in spanish for _en, es in pairs(entry) if not es.strip()]
    assert not missing
    assert not [entry.msgid for entry in spanish if "fuzzy" in entry.flags], "guesses of gettext"
    assert "nplurals=2" in spanish.metadata["Plural-Forms"]


def test_placeholders_and_markup_are_the_same_in_both_languages(spanish: polib.POFile) -> None:
    changed = [
        (english, said)
        for entry in spanish
        for english, said in pairs(entry)
        if sorted(PLACEHOLDER.findall(english)) != sorted(PLACEHOLDER.findall(said))
    ]
    assert not changed


def test_the_spanish_names_people_first_and_never_shouts(spanish: polib.POFile) -> None:
    said = [es for entry in spanish for _en, es in pairs(entry)]
    assert not [sentence for sentence in said if NEVER.search(sentence)]


# --- nothing that the catalogue has not heard of ------------------------------------------------
@pytest.fixture
def extracted(tmp_path: Path) -> polib.POFile:
    """Every sentence that gettext finds in a copy of the sources."""
    if not shutil.which("xgettext"):
        sentence = "gettext is not installed, so the sentences cannot be gathered anew."
        if os.environ.get("REQUIRE_GETTEXT") == "1":
            pytest.fail(f"{sentence} REQUIRE_GETTEXT=1 makes that a failure.")
        pytest.skip(sentence)
    leave_out = shutil.ignore_patterns("locale", "static", "__pycache__", "sample")
    for name in SOURCES:
        source = settings.BASE_DIR / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=leave_out)
        else:
            shutil.copy(source, tmp_path / name)
    (tmp_path / CATALOGUE).parent.mkdir(parents=True)
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "var")}
    gather = ["manage.py", "makemessages", "--locale", "es", "--no-location", "--verbosity", "0"]
    subprocess.run([sys.executable, *gather], cwd=tmp_path, env=environment, check=True)
    return polib.pofile(str(tmp_path / CATALOGUE))


def test_the_catalogue_holds_every_sentence_of_the_sources(
    spanish: polib.POFile, extracted: polib.POFile
) -> None:
    known = {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in spanish}
    assert len(extracted) > 600
    lacking = [
        entry.msgid
        for entry in extracted
        if (entry.msgctxt, entry.msgid, entry.msgid_plural) not in known
    ]
    assert not lacking, "run `make messages` and translate these"


# --- pages --------------------------------------------------------------------------------------
# The tellers' own words begin with these letters, so that they cannot be taken for ours.
OWN = re.compile(r"\bzz\w+", re.IGNORECASE)
# Proper names that stand on pages in every language.
NAMES = re.compile(
    r"\b(Testimonio|English|Español|New York( State)?|Attica|Wyoming County|Correctional Facility|"
    r"Google|API|RSS|Atom|PDF|JPEG|PNG|HEIC|WebP)\b"
)


PAGES = ("about", "promises", "safety", "accessibility", "contact")


@pytest.fixture
def furnished(db: None) -> Story:
    """Stories behind a content note and with a photograph, a theme, a place, a campaign, news."""
    catalogue.ensure()
    with factories.committed():
        story = factories.published(
            factories.telling(
                title="Zzug",
                body="Zzaba zzebi zzibo.\n\nZzobu zzuba.",
                content_notes=("death",),
                place=factories.place("attica"),
                year_from=1994,
            ),
            factories.allowed(),
            names={"chosen": "Zzenia"},
            themes=[factories.theme(label_en="Zzisits", label_es="Zzisitas")],
            campaigns=[factories.campaign(title_en="Zzoser", title_es="Zzerca")],
            enclosed=[factories.enclosed(alt="Zzus.", caption="Zzoto.")],
        )
        factories.published(
            factories.telling(title="Zzan", body="Zzaba zzuatro.", language="es"),
            names={"chosen": "Zzosé"},
        )
    News.objects.create(day=date(2026, 5, 4), title_en="Zzews", body_en="Zzoday zze zzegin.")
    jobs.run_due()
    return story


def without_arguments() -> Iterator[str]:
    """The names of all public addresses in two languages that are whole as they stand."""
    for resolver in get_resolver().url_patterns:
        if isinstance(resolver.pattern, LocalePrefixPattern):
            for found in resolver.url_patterns:
                whole = isinstance(found, URLPattern) and not found.pattern.regex.groups
                if whole and not str(found.pattern).startswith("desk/"):
                    yield str(found.name)


def public_addresses(story: Story) -> list[str]:
    """Every page that a stranger can open, in the language that is active."""
    named = [reverse(name) for name in without_arguments()]
    pages = [reverse("page", args=[slug]) for slug in PAGES]
    things = [
        story.get_absolute_url(),
        reverse("story_concern", args=[story.public_id]),
        reverse("theme", args=["visits"]),
        reverse("place", args=["attica"]),
        reverse("campaign", args=["closer-to-home"]),
        reverse("account_login"),
    ]
    return named + pages + things


def test_every_public_page_says_that_it_is_spanish(furnished: Story, client: Client) -> None:
    with translation.override("es"):
        addresses = public_addresses(furnished)
    assert len(addresses) > 20
    seen = 0
    for address in addresses:
        response = client.get(address, follow=True)
        assert response.status_code == 200, address
        assert response.headers["Content-Language"] == "es", address
        if response.headers["Content-Type"].startswith("text/html"):
            seen += 1
            assert '<html lang="es">' in response.content.decode(), address
    assert seen > 20


@pytest.fixture
def bracketed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language in which every sentence that passes gettext stands in brackets.

    What is put into a sentence stays outside of its brackets and has to bring its own.
    """

    def mark(sentence: str) -> str:
        parts = re.split(r"(%\(\w+\)[sd]|%[sd])", str(sentence))
        return "".join(
            part if number % 2 or not part.strip() else f"⟦{part}⟧"
            for number, part in enumerate(parts)
        )

    def plural(one: str, many: str, number: int) -> str:
        return mark(one if number == 1 else many)

    ways = translation._trans
    monkeypatch.setattr(ways, "gettext", mark)
    monkeypatch.setattr(ways, "ngettext", plural)
    monkeypatch.setattr(ways, "pgettext", lambda context, sentence: mark(sentence))
    monkeypatch.setattr(
        ways, "npgettext", lambda context, one, many, number: plural(one, many, number)
    )


class Said(HTMLParser):
    """What somebody sees or hears of a page: its text, and the attributes that are read out."""

    SPOKEN = frozenset({"alt", "aria-label", "placeholder", "title"})

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in {"script", "style"}
        if tag == "kbd":
            self.parts.append("⟦")  # the name of a key
        self.parts += [f"\n{value}\n" for name, value in attrs if value and name in self.SPOKEN]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"script", "style"}
        if tag == "kbd":
            self.parts.append("⟧")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


def unmarked(page: str) -> list[str]:
    """Words of two letters or more that never passed gettext and are nobody's own."""
    reader = Said()
    reader.feed(page)
    text = " ".join(reader.parts)
    while (shorter := re.sub(r"⟦[^⟦⟧]*⟧", " ", text)) != text:
        text = shorter
    text = re.sub(r"https?://\S+", " ", text)  # a story's address, where one cites it
    text = NAMES.sub(" ", OWN.sub(" ", text))
    return re.findall(r"[^\W\d_]{2,}", text)


def test_what_is_not_marked_for_translation_is_seen() -> None:
    page = '<p title="⟦Close⟧">⟦Read ⟧Zzug⟦ in ⟧⟦English⟧</p><p>Told <b>⟦by⟧</b></p><script>x()</script>'
    assert unmarked(page) == ["Told"]
    assert unmarked('<img alt="A dog"><p>⟦one <a href="/x">two</a> three⟧</p>') == ["dog"]


@pytest.mark.parametrize(
    "asked",
    [
        "/",
        "/stories/",
        "/stories/?q=zzaba",
        "/stories/?q=zzaba&from=1990&language=en&without=suicide",
        "/stories/?q=zzabbba",
        "/stories/?sort=zzandom",
        "/themes/",
        "/places/",
        "/campaigns/",
        "/news/",
        "/newsletter/",
        "/help/search/",
        "/share/",
        "/share/story/",
        "/share/photos/",
        "/share/receipt/",
        "/desk/account/login/",
        "/zzothing/",
    ],
)
def test_no_sentence_of_ours_escapes_translation(
    furnished: Story, client: Client, bracketed: None, asked: str
) -> None:
    page = client.get(asked, follow=True).content.decode()
    assert "⟦" in page
    assert unmarked(page) == []


def test_no_sentence_around_a_story_escapes_translation(
    furnished: Story, client: Client, bracketed: None
) -> None:
    for address in (
        furnished.get_absolute_url(),
        reverse("story_concern", args=[furnished.public_id]),
        reverse("theme", args=["visits"]),
        reverse("campaign", args=["closer-to-home"]),
    ):
        assert unmarked(client.get(address).content.decode()) == [], address


def test_no_refusal_of_the_forms_escapes_translation(
    client: Client, db: None, bracketed: None
) -> None:
    for address in ("/share/story/", "/share/receipt/", "/newsletter/", "/desk/account/login/"):
        page = client.post(address, {}, follow=True).content.decode()
        assert unmarked(page) == [], address
