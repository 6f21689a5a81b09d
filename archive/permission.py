"""Who at the desk may do what is not about a piece: vocabulary, campaigns, pages, lists, people.

Owns the groups of roles. Ground floor under the verbs without a submission; for those with one,
`archive.moves` has the table. Knows roles and nothing else.
"""

from __future__ import annotations

from collections.abc import Set

from django.utils.translation import gettext as _

from archive.models.person import Person, Role
from archive.refusals import NotAllowed

DESK = frozenset({Role.MODERATOR, Role.EDITOR, Role.ADMINISTRATOR})
EDITORS = frozenset({Role.EDITOR, Role.ADMINISTRATOR})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})


def require(by: Person, roles: Set[str], otherwise: str = "") -> None:
    """Raise `NotAllowed` unless this person has one of the roles; `otherwise` says whose work it is."""
    if by.role not in roles:
        raise NotAllowed(
            otherwise or _("Your role does not allow this. Ask an editor or an administrator.")
        )
