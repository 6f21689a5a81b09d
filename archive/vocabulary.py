"""The editors' vocabulary in the making: themes kept, merged, moved, retired; places' other names.

Owns every change to a theme and to the names of a place. Called by the desk, for editors alone. An
address that has been public goes on leading somewhere: what was renamed or merged is remembered.
Each change raises the generation of cached pages and owes the index the stories it touches.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from archive import catalogue, ledger, permission, text
from archive.models.person import Person
from archive.models.story import Generation, Story
from archive.models.submission import Submission
from archive.models.vocabulary import Place, Theme, ThemeAddress
from archive.refusals import Incomplete


@transaction.atomic
def keep(theme: Theme, *, by: Person) -> Theme:
    """Save a new theme or a changed one: its names, words, introduction, address and place in the tree.

    Raises `Incomplete` where a name lacks, where the address is another theme's, or where a theme
    would come to stand below itself.
    """
    _demand_editor(by)
    _tidy(theme)
    before = Theme.objects.filter(pk=theme.pk).first() if theme.pk else None
    errors = _wrong(theme)
    if errors:
        raise Incomplete(errors)
    ThemeAddress.objects.filter(slug=theme.slug).delete()
    theme.save()
    if before and before.slug != theme.slug:
        ThemeAddress.objects.create(slug=before.slug, theme=theme)
    _tell(Story.objects.filter(themes=theme))
    ledger.write_about("theme", f"theme:{theme.slug}", by=by)
    return theme


@transaction.atomic
def merge(theme: Theme, *, into: Theme, by: Person) -> Theme:
    """Make two themes one: stories, words and addresses of the first become the second's."""
    _demand_editor(by)
    if theme.pk == into.pk or theme.pk in _above(into):
        raise Incomplete(
            {"into": [_("Choose another theme, and none that stands below this one.")]}
        )
    touched = list(Story.objects.filter(themes=theme).values_list("pk", flat=True))
    for tagged in (Story, Submission):
        _carry_over(tagged, theme, into)
    for name in ("words_en", "words_es"):
        label = theme.label_en if name == "words_en" else theme.label_es
        said = [*getattr(into, name), label, *getattr(theme, name)]
        setattr(into, name, list(dict.fromkeys(word for word in said if word)))
    into.save()
    theme.narrower.update(parent=into)
    theme.former_addresses.update(theme=into)
    slug = theme.slug
    theme.delete()
    ThemeAddress.objects.create(slug=slug, theme=into)
    _tell(Story.objects.filter(Q(pk__in=touched) | Q(themes=into)).distinct())
    ledger.write_about("merge", f"theme:{slug}", by=by, reason=into.slug[:40])
    return into


@transaction.atomic
def retire(theme: Theme, *, retired: bool, by: Person) -> Theme:
    """Give a theme to no more stories, or to stories again; those that bear it keep it."""
    _demand_editor(by)
    theme.retired = retired
    theme.save(update_fields=["retired"])
    Generation.advance()
    ledger.write_about("retire" if retired else "revive", f"theme:{theme.slug}", by=by)
    return theme


@transaction.atomic
def rename_place(place: Place, *, name: str, aliases: Iterable[str], by: Person) -> Place:
    """Change how a place is called, and its other and former names; its address stays."""
    _demand_editor(by)
    place.name = text.one_line(name)[:120]
    if not place.name:
        raise Incomplete({"name": [_("A place needs a name.")]})
    place.aliases = _several(aliases)
    place.save(update_fields=["name", "aliases"])
    within = [each.pk for each in Place.objects.select_related("parent__parent__parent__parent")
              if place in each.lineage()]  # fmt: skip
    _tell(Story.objects.filter(place__in=within))
    ledger.write_about("place", f"place:{place.slug}", by=by)
    return place


def _demand_editor(by: Person) -> None:
    whose = _("The vocabulary is kept by editors and administrators.")
    permission.require(by, permission.EDITORS, whose)


def _tidy(theme: Theme) -> None:
    for name in ("label_en", "label_es"):
        setattr(theme, name, text.one_line(getattr(theme, name)))
    for name in ("description_en", "description_es"):
        setattr(theme, name, text.plain(getattr(theme, name)))
    for name in ("words_en", "words_es"):
        setattr(theme, name, _several(getattr(theme, name)))


def _several(words: Iterable[str]) -> list[str]:
    """Words as one keeps them: tidy, none empty, none twice."""
    return list(dict.fromkeys(said for each in words if (said := text.one_line(each)[:120])))


def _wrong(theme: Theme) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if not theme.label_en:
        errors["label_en"] = [_("A theme needs a name in English.")]
    others = Theme.objects.exclude(pk=theme.pk)
    taken = ThemeAddress.objects.filter(slug=theme.slug).exclude(theme_id=theme.pk or 0)
    if others.filter(slug=theme.slug).exists() or taken.exists():
        errors["slug"] = [_("This address leads to another theme. Choose another one.")]
    if theme.pk and theme.parent and theme.pk in _above(theme.parent):
        errors["parent"] = [_("A theme cannot stand below itself.")]
    return errors


def _above(theme: Theme) -> set[int]:
    """The theme and everything that it stands below. Bounded: a loop made by hand ends."""
    parents = dict(Theme.objects.values_list("pk", "parent"))
    found: set[int] = set()
    here: int | None = theme.pk
    while here is not None and here not in found:
        found.add(here)
        here = parents.get(here)
    return found


def _carry_over(tagged: type[Story] | type[Submission], theme: Theme, into: Theme) -> None:
    """Give whatever bears the one theme the other one instead, once."""
    rows = tagged.themes.through.objects
    column = f"{tagged._meta.model_name}_id"
    both = set(rows.filter(theme_id=into.pk).values_list(column, flat=True))
    rows.filter(theme_id=theme.pk).exclude(**{f"{column}__in": both}).update(theme_id=into.pk)
    rows.filter(theme_id=theme.pk).delete()


def _tell(stories: Iterable[Story]) -> None:
    """Old pages are old from now on, and the index owes these stories a look."""
    Generation.advance()
    catalogue.owe_all(stories)
