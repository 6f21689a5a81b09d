"""What contributors say about their photographs, and in which order they stand. Shape only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from archive import choices as said
from archive import hanging
from archive.enclosing import WORDS
from archive.forms_sharing import StepForm, one_of
from archive.models.submission import Enclosure
from archive.pairing import MOST, Paired
from archive.web.share_fields import ManyPhotos

Described = tuple[Enclosure, dict[str, Any]]


def _limits() -> str:
    """Said when asked: a lazy sentence that is given numbers speaks the language of that moment."""
    return _(
        "Up to %(count)s, each up to %(megabytes)s MB: JPEG, PNG, HEIC, AVIF, WebP, TIFF or "
        "GIF. We remove what is hidden inside, such as the place where a photo was taken."
    ) % {
        "count": settings.PHOTOS_PER_SUBMISSION,
        "megabytes": settings.PHOTO_MAX_BYTES // 1_000_000,
    }


class PhotosForm(StepForm):
    """New photographs, and what is said about those that are here; fields by key of each.

    `project` asks besides for part, plate, sitter and transcript.
    """

    photos = ManyPhotos(
        label=_("Choose photographs"),
        required=False,
    )
    new_shown = one_of(
        _("May these be published?"),
        said.PHOTO_SHOWN,
        Enclosure.Shown.NO,
        help_text=_("It holds for those you add now. You can choose for each of them below."),
        required=False,
    )
    keep_original = forms.BooleanField(
        label=_("Also keep the files as they came, locked away"),
        help_text=_(
            "Only if they may be needed as evidence one day: they hold the place and the time. "
            "They are encrypted, and never shown."
        ),
        required=False,
    )

    def __init__(
        self,
        *given: Any,
        enclosed: Iterable[Enclosure] = (),
        project: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(*given, **more)
        self.fields["photos"].help_text = _limits()
        self.rows, self.project = list(enclosed), project
        self.on_plates = hanging.plates(self.rows)
        ranks = {plate.main.pk: plate.number for plate in self.on_plates}
        for number, row in enumerate(self.rows, start=1):
            self.fields |= {
                f"{name}_{row.pk}": field
                for name, field in self._about(row, number, ranks.get(row.pk)).items()
            }
        self.consents = [f"shown_{row.pk}" for row in self.rows]

    def _about(self, row: Enclosure, number: int, rank: int | None) -> dict[str, forms.Field]:
        """Every question about one photograph; `rank` only where it stands first on its plate."""
        fields = _questions(row, number)
        if rank is not None:
            fields["place"] = forms.IntegerField(
                label=_("Place"), min_value=1, max_value=MOST, initial=rank, required=False
            )
        return fields | (_of_project(row) if self.project else {})

    def described(self) -> list[Described]:
        """Each photograph with its own fields, for the template."""
        return [(row, self.asked_of(row)) for row in self.rows]

    def plates(self) -> list[list[dict[str, Any]]]:
        """The same, what stands on one plate together; as `share/_photo.html` takes it."""
        return [
            [self.shown(row) for row in (plate.main, plate.companion) if row]
            for plate in self.on_plates
        ]

    def shown(self, row: Enclosure) -> dict[str, Any]:
        """One photograph as `share/_photo.html` takes it."""
        number = next(at for at, each in enumerate(self.rows, 1) if each.pk == row.pk)
        return {"row": row, "fields": self.asked_of(row), "number": number}

    def asked_of(self, row: Enclosure) -> dict[str, Any]:
        """The fields of one photograph, by what they ask."""
        end = f"_{row.pk}"
        return {name.removesuffix(end): self[name] for name in self.fields if name.endswith(end)}

    def words(self) -> dict[int, dict[str, Any]]:
        """What was posted about each photograph; words also where they are too long."""
        return {
            row.pk: {
                name: self.cleaned_data.get(f"{name}_{row.pk}", self.data[f"{name}_{row.pk}"])
                for name in (*WORDS, *_CHOSEN)
                if f"{name}_{row.pk}" in self.data and self._usable(name, row)
            }
            for row in self.rows
        }

    def _usable(self, name: str, row: Enclosure) -> bool:
        """An answer that is none is left as it was; words are kept, right or wrong."""
        return name in WORDS or f"{name}_{row.pk}" in self.cleaned_data

    def ranks(self) -> dict[int, int]:
        """The numbers that were typed as places, by what stands first on a plate."""
        typed = {row.pk: self.cleaned_data.get(f"place_{row.pk}") for row in self.rows}
        return {pk: rank for pk, rank in typed.items() if rank}

    def pairs(self) -> dict[int, Paired]:
        """Part and plate of each photograph that they were posted for."""
        typed = {row.pk: self.cleaned_data.get(f"part_{row.pk}") for row in self.rows}
        return {
            pk: Paired(part, self.cleaned_data.get(f"plate_{pk}"))
            for pk, part in typed.items()
            if part
        }


_CHOSEN = ("shown", "recognisable")


def _questions(row: Enclosure, number: int) -> dict[str, forms.Field]:
    return {
        "shown": one_of(
            _("May photograph %(number)s be published?") % {"number": number},
            said.PHOTO_SHOWN,
            row.shown,
            required=False,
        ),
        "recognisable": forms.ChoiceField(
            label=_("Who can be recognised in it?"),
            choices=said.RECOGNISABLE,
            initial=row.recognisable,
            required=False,
        ),
        "alt": forms.CharField(
            label=_("What does it show?"),
            help_text=_(
                "For people who cannot see it. If you leave it empty, one of us writes it."
            ),
            widget=forms.Textarea(attrs={"rows": 2}),
            initial=row.alt,
            required=False,
        ),
        "caption": forms.CharField(
            label=_("A line under it"), initial=row.caption, max_length=1000, required=False
        ),
        "credit": forms.CharField(
            label=_("Who took it?"), initial=row.credit, max_length=200, required=False
        ),
    }


def _of_project(row: Enclosure) -> dict[str, forms.Field]:
    return {
        "part": forms.ChoiceField(
            label=_("It is a"), choices=Enclosure.Part.choices, initial=row.part, required=False
        ),
        "plate": forms.IntegerField(
            label=_("Pair number"), min_value=1, max_value=MOST, initial=row.plate, required=False
        ),
        "sitter": forms.CharField(
            label=_("Who is shown, as they allow"),
            initial=row.sitter,
            max_length=200,
            required=False,
        ),
        "transcript": forms.CharField(
            label=_("What is written on it, word for word"),
            widget=forms.Textarea(attrs={"rows": 4}),
            initial=row.transcript,
            required=False,
        ),
    }
