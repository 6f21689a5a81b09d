"""Holds the directions of the house (README, "The map"), each rule with its reason.

Fails with file and line. Below the table every rule is shown a planted violation, so that a rule
that has gone blind fails too.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from tests.architecture import (
    House,
    NeverCalls,
    NeverImports,
    NeverNamed,
    Rule,
    opens_the_gallery,
    writes_rows,
)

CODE = ("config/*", "archive/*", "search/*", "media/*")
STAGES = (
    "archive/intake.py",
    "archive/moderation.py",
    "archive/publication.py",
    "archive/editing.py",
    "archive/newsletter.py",
    "archive/concerns.py",
)
GROUND = (
    "archive/actors.py",
    "archive/claims.py",
    "archive/clearance.py",
    "archive/consent.py",
    "archive/discretion.py",
    "archive/disk.py",
    "archive/identifiers.py",
    "archive/jobs.py",
    "archive/languages.py",
    "archive/ledger.py",
    "archive/likeness.py",
    "archive/moves.py",
    "archive/permission.py",
    "archive/rates.py",
    "archive/receipts.py",
    "archive/refusals.py",
    "archive/sealing.py",
    "archive/spreadsheets.py",
    "archive/text.py",
    "archive/tombstones.py",
)
PUBLIC = (
    "archive/web/public.py",
    "archive/web/places.py",
    "archive/web/plates.py",
    "archive/web/campaigns.py",
    "archive/web/newsletter.py",
    "archive/web/concern.py",
    "archive/newsletter.py",
    "archive/concerns.py",
    "archive/standing.py",
    "archive/editorial.py",
    "archive/api/*",
    "archive/feeds.py",
    "archive/sitemaps.py",
    "archive/catalogue/*",
)
PRIVATE = (
    "archive.models.submission",
    "archive.models.review",
    "archive.intake",
    "archive.moderation",
    "archive.publication",
)
MODEL_MODULES = tuple(
    f"archive.models.{path.stem}"
    for path in sorted((Path(__file__).parents[1] / "archive" / "models").glob("[a-z]*.py"))
)
CATALOGUE_MODULES = tuple(
    f"archive.catalogue.{path.stem}"
    for path in sorted((Path(__file__).parents[1] / "archive" / "catalogue").glob("[a-z]*.py"))
)
FACES = (
    "archive.web",
    "archive.api",
    "archive.admin",
    "archive.forms",
    "archive.forms_public",
    "archive.forms_editing",
    "archive.forms_sharing",
    "archive.answers",
    "archive.management",
)

RULES: list[Rule] = [
    NeverImports(
        "media stands alone",
        ("media/*",),
        ("archive", "search", "config", "rest_framework"),
        "photographs know nothing of the archive",
    ),
    NeverImports(
        "search stands alone",
        ("search/*",),
        ("archive", "media", "config", "django.db", "rest_framework"),
        "search sees documents, never records",
    ),
    NeverImports(
        "config is the roof",
        ("archive/*",),
        ("config",),
        "settings are reached through django.conf",
    ),
    NeverImports(
        "one door to tantivy",
        CODE,
        ("tantivy",),
        "each engine has one file",
        but=("search/engines/tantivy.py",),
    ),
    NeverImports(
        "one door to whoosh",
        CODE,
        ("whoosh",),
        "its grammar has one file, its engine another, and the weighing in it a third",
        but=(
            "search/language.py",
            "search/engines/whoosh.py",
            "search/engines/whoosh_matching.py",
            "search/engines/whoosh_reading.py",
            "search/engines/whoosh_weighing.py",
        ),
    ),
    NeverImports(
        "one door to opensearch",
        CODE,
        ("opensearchpy",),
        "each engine has one file",
        but=("search/engines/opensearch.py",),
    ),
    NeverImports(
        "one sanitiser",
        CODE,
        ("nh3", "bleach"),
        "strangers' text becomes HTML in archive/text.py and nowhere else",
        but=("archive/text.py",),
    ),
    NeverImports(
        "one door to pixels",
        CODE,
        ("PIL", "pillow_heif"),
        "photographs are opened in media, inside its sandbox",
        but=("media/*",),
    ),
    NeverImports(
        "one door to search",
        ("archive/*",),
        ("search",),
        "the catalogue is the only door to search",
        but=("archive/catalogue/*",),
    ),
    NeverImports(
        "one door to the catalogue",
        ("archive/*", "benchmarks/*"),
        CATALOGUE_MODULES,
        "what stands behind the catalogue's door is its own affair",
        but=("archive/catalogue/*",),
    ),
    NeverImports(
        "one door to photographs",
        ("archive/*",),
        ("media",),
        "media.photos is the only door to photographs",
        allowed=("media.photos",),
    ),
    NeverImports(
        "the wall",
        PUBLIC,
        PRIVATE,
        "nothing that faces the public knows what a submission is, not even through a third module",
        but=(  # the way in
            "archive/api/urls.py",
            "archive/api/submissions.py",
            "archive/api/telling.py",
        ),
        through=True,
    ),
    NeverImports(
        "stages do not speak to browsers",
        (*STAGES, *GROUND, "archive/catalogue/*"),
        (
            "django.http",
            "django.shortcuts",
            "django.views",
            "django.forms",
            "django.contrib.messages",
            "rest_framework",
        ),
        "stages raise and views speak",
    ),
    NeverImports(
        "stages do not reach up",
        (*STAGES, *GROUND, "archive/catalogue/*"),
        FACES,
        "web, api and commands stand on the stages",
    ),
    *(
        NeverImports(
            f"{stage} keeps to itself",
            (f"archive/{stage}.py", f"archive/{stage}/*"),
            tuple(f"archive.{other}" for other in others),
            "stages meet in the database and in nobody's import",
        )
        for stage, others in (
            ("intake", ("moderation", "publication", "catalogue")),
            ("moderation", ("intake", "publication", "catalogue")),
            ("publication", ("intake", "moderation", "enclosures")),
            ("enclosures", ("intake", "moderation", "publication", "hanging", "catalogue")),
            ("hanging", ("intake", "moderation", "publication", "enclosures", "catalogue")),
            ("catalogue", ("intake", "moderation", "publication")),
        )
    ),
    NeverImports(
        "the ground floor carries",
        GROUND,
        ("archive.intake", "archive.moderation", "archive.publication", "archive.catalogue"),
        "what stages stand on cannot lean on them",
    ),
    NeverImports(
        "models lie lowest",
        ("archive/models/*",),
        ("archive",),
        "models know other models, and no rule of the work",
        but=("archive/models/__init__.py",),
        allowed=("archive.models", "archive.identifiers"),
    ),
    NeverImports(
        "web does not call the API",
        ("archive/web/*",),
        ("archive.api",),
        "both are faces of the same stages",
    ),
    NeverImports(
        "the API does not call web",
        ("archive/api/*",),
        ("archive.web",),
        "both are faces of the same stages",
    ),
    NeverImports(
        "one keeper of jobs",
        CODE,
        ("archive.models.work",),
        "rows of work are written and read by archive.jobs alone",
        but=("archive/jobs.py", "archive/admin.py", "archive/models/__init__.py"),
    ),
    NeverImports(
        "no ledger in the faces",
        ("archive/web/*", "archive/api/*"),
        ("archive.ledger",),
        "a line of the ledger belongs to the verb that it records",
    ),
    NeverImports(
        "models are imported from their module",
        ("*",),
        ("archive.models",),
        "a name re-exported by the package walks round the wall",
        but=("archive/models/__init__.py",),
        allowed=MODEL_MODULES,
    ),
    NeverCalls(
        "only stages write",
        ("archive/web/*", "archive/api/*"),
        writes_rows,
        "a row is written by a verb, with its rule and its line in the ledger",
    ),
    NeverCalls(
        "only publication opens the gallery",
        ("archive/*",),
        opens_the_gallery,
        "no public file exists before publication or after withdrawal",
        but=("archive/publication.py", "archive/hanging.py"),
    ),
    NeverNamed(
        "every room has a purpose",
        ("utils", "util", "common", "core", "helpers", "services", "managers", "misc", "lib"),
        "what has no room has not been understood yet",
    ),
]


@pytest.fixture(scope="module")
def house() -> House:
    return House(Path(settings.BASE_DIR))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule)
def test_the_house_keeps_its_rule(rule: Rule, house: House) -> None:
    broken = [str(each) for each in rule.violations(house)]
    assert not broken, "\n" + "\n".join(broken)


# One or more planted violations for each rule: the file, what it says, and the line to be named.
PLANTED = [
    ("media stands alone", "media/photos.py", "import archive.consent", 1),
    ("media stands alone", "media/views.py", "\n\nfrom rest_framework import views", 3),
    ("search stands alone", "search/index.py", "from django.db import connection", 1),
    ("search stands alone", "search/index.py", "from archive.models.story import Story", 1),
    ("config is the roof", "archive/intake.py", "from config import settings", 1),
    ("one door to tantivy", "search/index.py", "import tantivy", 1),
    ("one door to tantivy", "archive/catalogue/finding.py", "def f():\n    import tantivy", 2),
    ("one door to whoosh", "search/engines/tantivy.py", "from whoosh import qparser", 1),
    ("one door to opensearch", "search/index.py", "import opensearchpy", 1),
    ("one sanitiser", "archive/web/public.py", "import nh3", 1),
    ("one sanitiser", "archive/intake.py", "from bleach import clean", 1),
    ("one door to pixels", "archive/intake.py", "from PIL import Image", 1),
    ("one door to pixels", "search/index.py", "import pillow_heif", 1),
    ("one door to search", "archive/publication.py", "from search import index", 1),
    ("one door to search", "archive/web/public.py", "from search.query import Query", 1),
    ("one door to the catalogue", "archive/feeds.py", "from archive.catalogue import rows", 1),
    ("one door to the catalogue", "archive/web/public.py", "import archive.catalogue.keeping", 1),
    ("one door to photographs", "archive/intake.py", "from media import storage", 1),
    ("one door to photographs", "archive/intake.py", "import media.models", 1),
    ("the wall", "archive/web/public.py", "from archive.models.submission import Contact", 1),
    ("the wall", "archive/api/views.py", "from archive import intake", 1),
    ("the wall", "archive/feeds.py", "from archive.models import review", 1),
    ("the wall", "archive/sitemaps.py", "import archive.moderation", 1),
    ("the wall", "archive/catalogue/rows.py", "from .. import publication", 1),
    ("the wall", "archive/api/views.py", 'x = import_module("archive.intake")', 1),
    ("the wall", "archive/web/public.py", "from archive import carrier", 1),  # see below
    ("stages do not speak to browsers", "archive/intake.py", "from django import forms", 1),
    ("stages do not speak to browsers", "archive/jobs.py", "from django.http import Http404", 1),
    ("stages do not speak to browsers", "archive/publication.py", "import rest_framework", 1),
    ("stages do not reach up", "archive/moderation.py", "from archive.web import desk", 1),
    ("stages do not reach up", "archive/text.py", "from .api import serializers", 1),
    ("intake keeps to itself", "archive/intake.py", "from archive import moderation", 1),
    ("intake keeps to itself", "archive/intake.py", "from archive.catalogue import find", 1),
    ("moderation keeps to itself", "archive/moderation.py", "from archive import publication", 1),
    ("publication keeps to itself", "archive/publication.py", "from archive import intake", 1),
    ("enclosures keeps to itself", "archive/enclosures.py", "from archive import publication", 1),
    ("hanging keeps to itself", "archive/hanging.py", "from archive import enclosures", 1),
    (
        "catalogue keeps to itself",
        "archive/catalogue/keeping.py",
        "from archive import publication",
        1,
    ),
    ("the ground floor carries", "archive/moves.py", "from archive import moderation", 1),
    ("models lie lowest", "archive/models/story.py", "from archive import consent", 1),
    ("models lie lowest", "archive/models/story.py", "from ..web import public", 1),
    ("web does not call the API", "archive/web/public.py", "from archive.api import views", 1),
    ("the API does not call web", "archive/api/views.py", "from archive.web import public", 1),
    ("one keeper of jobs", "archive/web/desk.py", "from archive.models.work import Job", 1),
    ("no ledger in the faces", "archive/web/desk.py", "from archive import ledger", 1),
    (
        "models are imported from their module",
        "archive/web/desk.py",
        "from archive.models import Story",
        1,
    ),
    ("models are imported from their module", "tests/test_x.py", "from archive import models", 1),
    ("only stages write", "archive/web/desk.py", "story.save()", 1),
    ("only stages write", "archive/web/desk.py", "\nStory.objects.create(title='')", 2),
    ("only stages write", "archive/api/views.py", "Story.objects.update(withdrawn=False)", 1),
    ("only stages write", "archive/api/views.py", "story.delete()", 1),
    ("only stages write", "archive/web/desk.py", "Story.objects.bulk_create(rows)", 1),
    ("only stages write", "archive/web/desk.py", "story.themes.set(themes)", 1),
    ("only stages write", "archive/web/desk.py", "jobs.enqueue('x')", 1),
    ("only publication opens the gallery", "archive/moderation.py", "photos.release(photo)", 1),
    ("only publication opens the gallery", "archive/web/desk.py", "revoke(picture)", 1),
    ("every room has a purpose", "archive/utils.py", "", 1),
    ("every room has a purpose", "search/core/words.py", "", 1),
]


def planted(root: Path, path: str, text: str) -> House:
    """A small house in which one file says one wrong thing, beside a module that carries secrets."""
    for name, words in {
        "archive/carrier.py": "from archive.deeper import contact",
        "archive/deeper.py": "from archive.models.submission import Contact as contact",
        "archive/models/__init__.py": "from archive.models import submission",
        path: text,
    }.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(words, encoding="utf-8")
    return House(root)


@pytest.mark.parametrize(("rule", "path", "text", "line"), PLANTED)
def test_a_planted_violation_is_found(
    rule: str, path: str, text: str, line: int, tmp_path: Path
) -> None:
    house = planted(tmp_path, path, text)
    found = [
        (violation.rule, violation.path, violation.line)
        for each in RULES
        for violation in each.violations(house)
    ]
    assert (rule, path, line) in found


def test_every_rule_has_a_planted_violation() -> None:
    assert {rule.rule for rule in RULES} == {name for name, *_rest in PLANTED}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("archive/publication.py", "from archive import catalogue, consent, jobs, ledger, moves"),
        ("archive/publication.py", "from media import photos\nphotos.release(photo)"),
        ("archive/catalogue/rows.py", "from search import index\nfrom search.query import Query"),
        ("archive/catalogue/finding.py", "from archive.catalogue import rows, wording"),
        (
            "archive/web/public.py",
            "from archive import catalogue\nfrom archive.models.story import S",
        ),
        ("archive/web/desk.py", "from archive import moderation, publication"),
        (
            "archive/web/desk.py",
            "seen = {}\nseen.update({1: 2})\ncache.delete('x')\nwords.add('x')",
        ),
        ("search/engines/tantivy.py", "import tantivy"),
        ("search/language.py", "from whoosh import qparser"),
        ("media/scrub.py", "from PIL import Image"),
    ],
)
def test_what_is_allowed_breaks_no_rule(path: str, text: str, tmp_path: Path) -> None:
    house = planted(tmp_path, path, text)
    assert not [str(each) for rule in RULES for each in rule.violations(house)]


def test_no_public_record_leads_back_to_a_submission() -> None:
    """The arrow holds in the database too: a template with a story cannot reach a contact."""
    private = {"archive.models.submission", "archive.models.review"}
    leading_back = [
        f"{model.__name__}.{field.get_accessor_name()}"
        for model in apps.get_models()
        if model.__module__ in {"archive.models.story", "archive.models.vocabulary", "media.models"}
        for field in model._meta.related_objects
        if field.related_model.__module__ in private and not field.hidden
    ]
    assert not leading_back


def test_a_published_picture_has_no_way_to_the_photograph_in_the_vault() -> None:
    picture = apps.get_model("media", "Picture")
    pointed_at = {field.related_model for field in picture._meta.get_fields() if field.is_relation}
    assert apps.get_model("media", "Photo") not in pointed_at
