"""Changing one's choices with the receipt: the page, and reading what was posted.

What is narrower and what is wider is decided by `archive.changing`.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from archive import changing, choices, publication
from archive.actors import Contributor
from archive.answers import choices_of_use
from archive.forms_sharing import ChangeForm
from archive.models.submission import Consent, Enclosure
from archive.web.share import tongues
from archive.web.share_keys import Opened, key_for
from archive.web.share_photo_forms import PhotosForm


def page(
    request: HttpRequest,
    opened: Opened,
    form: ChangeForm | None = None,
    photos: PhotosForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """What is allowed now, as choices that can be changed."""
    context = {
        "form": form or ChangeForm(initial=_initial(opened)),
        "photos": photos or PhotosForm(enclosed=_enclosed(opened)),
        "key": key_for(opened),
        "tongues": tongues("receipt"),
        "action_url": reverse("receipt"),
    }
    return render(request, "share/change.html", context, status=status)


def take(request: HttpRequest, opened: Opened) -> changing.Outcome | HttpResponse:
    """Take what was posted; the page again, with every word, where something is missing."""
    form = ChangeForm(request.POST)
    form.known = frozenset(publication.shown_names(opened.piece))
    photos = PhotosForm(request.POST, enclosed=_enclosed(opened))
    if not form.is_valid() or not photos.is_valid():
        return page(request, opened, form, photos, 422)
    data = form.cleaned_data
    wanted = {row.pk: data_of(photos, row) for row in photos.rows}
    email = data["email"] if data["contact_ok"] else ""
    return changing.change(
        opened.piece,
        {
            **choices_of_use(data),
            **{name: data[name] for name in ("name_shown", "place_shown", "date_shown")},
        },
        wording="\n\n".join(filter(None, (form.wording(), photos.wording()))),
        photos=wanted,
        names={**form.names(), "email": email},
        by=Contributor(opened.piece.reference),
    )


def data_of(photos: PhotosForm, row: Enclosure) -> str:
    """How one photograph may be shown; as before where nothing was posted for it."""
    return str(photos.cleaned_data.get(f"shown_{row.pk}") or row.shown)


def _enclosed(opened: Opened) -> list[Enclosure]:
    """The photographs as they may be shown today."""
    rows = list(opened.piece.enclosures.all())
    if not opened.piece.consent_in_force.photos_published:
        for row in rows:
            row.shown = Enclosure.Shown.NO
    return rows


def _initial(opened: Opened) -> dict[str, Any]:
    now = opened.piece.consent_in_force
    to_come = now.public_from and now.public_from > timezone.localdate()
    later = to_come and now.audience == Consent.Audience.PUBLIC
    names = ("name_shown", "place_shown", "date_shown", "search_engines", "uses", "editing",
             "contact_ok", "keep_for")  # fmt: skip
    return {
        **{name: getattr(now, name) for name in names},
        "audience": choices.LATER if later else now.audience,
        "public_from": now.public_from if later else None,
    }
