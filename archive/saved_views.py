"""Views of the queue that somebody keeps under a name of her own.

Owns their rows: how many, how they are called, and that they are hers alone (nobody else is shown
one, and the ledger knows nothing of it). Called by the desk. Keeps filters and never the words of a
search: those are often a name, and an erasure could not find it here. Which filters there are is
known to `web.desk_sieve`.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from archive import text
from archive.models.person import Person, SavedView
from archive.refusals import Incomplete, WrongState


@transaction.atomic
def keep(name: str, filters: Mapping[str, str], *, by: Person) -> SavedView:
    """Keep `filters` ({name of a filter: value}, "state" among them) under a name.

    Raises `Incomplete` for a name that cannot be, `WrongState` where there are too many.
    """
    hers = _locked(by)
    wanted = _checked(name, hers)
    if len(hers) >= settings.SAVED_VIEWS_MAX:
        raise WrongState(
            _("You keep %(most)s views, and more could not be looked over. Remove one first.")
            % {"most": settings.SAVED_VIEWS_MAX}
        )
    return SavedView.objects.create(person=by, name=wanted, filters=dict(filters))


@transaction.atomic
def rename(view: SavedView, name: str, *, by: Person) -> SavedView:
    """Call it something else. Raises `Incomplete`."""
    view.name = _checked(name, [row for row in _locked(by) if row.pk != view.pk])
    view.save(update_fields=["name"])
    return view


def remove(view: SavedView, *, by: Person) -> None:
    """Keep it no longer."""
    SavedView.objects.filter(pk=view.pk, person=by).delete()


def _locked(by: Person) -> list[SavedView]:
    """Hers, counted while nobody else of her clicks can add one."""
    Person.objects.select_for_update().get(pk=by.pk)
    return list(SavedView.objects.filter(person=by))


def _checked(name: str, others: list[SavedView]) -> str:
    wanted = text.one_line(name)
    if not wanted:
        raise Incomplete({"name": [_("Give the view a name.")]})
    if len(wanted) > settings.SAVED_VIEW_NAME_CHARACTERS:
        raise Incomplete(
            {
                "name": [
                    _("A name of at most %(most)s letters, please.")
                    % {"most": settings.SAVED_VIEW_NAME_CHARACTERS}
                ]
            }
        )
    if wanted.casefold() in {row.name.casefold() for row in others}:
        raise Incomplete({"name": [_("You have a view of this name already.")]})
    return wanted
