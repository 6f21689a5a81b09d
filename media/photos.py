"""The one door to photographs: every verb that other parts of the archive may use.

    admit      strangers' bytes -> a clean master in the vault, and what was hidden in them
    redact     cover parts of a photograph in everything made after
    release    a photograph -> an empty frame for the public; `develop` fills it, in the worker
    revoke     take a picture off the wall, at once
    preview    a look at a photograph for the desk
    original   the file as received, where its sender asked that it be kept
    discard    erase a photograph from the vault
    sketch     a drawn picture for the invented sample archive
    card       a drawn card with a title, for links that are shown elsewhere
    reconcile  compare rows and files
    shelves    which folders hold files, and which columns name them

Whoever calls is in charge of the transaction and of permission. Verbs that decode (`admit`,
`develop`, `preview`) take up to seconds: call them outside a transaction, which on SQLite would
keep every other writer waiting.
"""

from __future__ import annotations

import errno
import hashlib
import io
import logging
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import IO, Any, TypedDict

from django.conf import settings
from django.db import transaction

from media import redaction, renditions, sandbox, sealing, validation
from media.findings import Findings
from media.models import Photo, Picture, Rendition
from media.reconciliation import Drift, reconcile
from media.refusals import PhotoRefused
from media.shelves import Shelf, shelves
from media.storage import Draft, gallery, vault

__all__ = [
    "CARD_SIZE",
    "Admitted",
    "Altered",
    "Drift",
    "Findings",
    "Photo",
    "PhotoRefused",
    "Picture",
    "Shelf",
    "Source",
    "Superseded",
    "admit",
    "card",
    "develop",
    "discard",
    "original",
    "preview",
    "reconcile",
    "redact",
    "release",
    "revoke",
    "shelves",
    "sketch",
    "sources",
]

logger = logging.getLogger(__name__)
_CHUNK = 1 << 20
_MASTER_SUFFIXES = {"JPEG": ".jpg", "PNG": ".png"}
_SEALED = ".sealed"


class Superseded(Exception):
    """The photograph's redactions, or the picture, changed while renditions were being made.

    Nothing was published. The work must be done again: a queue simply retries.
    """


class Altered(Exception):
    """The master in the vault is not, byte for byte, the file that was admitted.

    Nothing is made of it: it may be another photograph, of somebody who never agreed. It must be
    brought back from a backup.
    """


@dataclass(frozen=True)
class Admitted:
    """A photograph taken in: its row, saved, and what was hidden in the file, never stored."""

    photo: Photo
    findings: Findings


class Source(TypedDict):
    """One rendition for a reader or a program. `format` is "webp" or "jpeg"."""

    url: str
    width: int
    height: int
    format: str


def admit(upload: bytes | IO[bytes], *, keep_original: bool = False) -> Admitted:
    """Take in a stranger's photograph: a clean master, durable in the vault, and its row.

    `upload` is bytes or anything with `read(size)`, such as an uploaded file; its name and
    declared type are never looked at. With `keep_original` the file as received is kept too,
    encrypted. Raises PhotoRefused with a sentence for the sender. When the caller's transaction
    is rolled back later, the files are orphans, which `reconcile` sweeps.
    """
    with _room(), vault().scratch() as received, vault().draft() as draft:
        _copy_within_limit(upload, received)
        format_name = _sniffed(received)
        report = sandbox.run(
            "master", received, [draft.handle], format=format_name, limits=_limits()
        )
        findings = Findings(**report["facts"])
        photo = Photo(
            width=report["width"],
            height=report["height"],
            format=report["format"],
            checksum=_checksum(draft.handle),
            bytes=draft.handle.seek(0, io.SEEK_END),
            removed=findings.kinds(),
            original_name=_kept_sealed(received) if keep_original else "",
        )
        photo.name = vault().keep(draft, _MASTER_SUFFIXES[photo.format])
    photo.save()
    return Admitted(photo, findings)


def _copy_within_limit(upload: bytes | IO[bytes], received: IO[bytes]) -> None:
    """Copy until the end or the limit: a declared size is a stranger's word."""
    stream = io.BytesIO(upload) if isinstance(upload, bytes) else upload
    if stream.seekable():
        stream.seek(0)
    left = settings.PHOTO_MAX_BYTES
    while chunk := stream.read(_CHUNK):
        left -= len(chunk)
        if left < 0:
            raise PhotoRefused("too_large")
        received.write(chunk)
    received.flush()


def _sniffed(received: IO[bytes]) -> str:
    # pread: the darkroom shares this file's position, and must not find our buffer in its way
    head = os.pread(received.fileno(), validation.HEAD_BYTES, 0)
    try:
        return validation.sniff(head)
    except validation.Refused as refused:
        raise PhotoRefused(refused.code) from None


def _limits() -> dict[str, int]:
    return {
        "pixels": settings.PHOTO_MAX_PIXELS,
        "side": settings.PHOTO_MAX_SIDE,
        "frames": settings.PHOTO_MAX_FRAMES,
    }


def _checksum(handle: IO[bytes]) -> str:
    handle.seek(0)
    return hashlib.file_digest(handle, "sha256").hexdigest()  # type: ignore[arg-type]


def _kept_sealed(received: IO[bytes]) -> str:
    received.seek(0)
    with vault().draft() as draft:
        draft.handle.write(sealing.seal(received.read()))
        return vault().keep(draft, _SEALED)


@contextmanager
def _room() -> Iterator[None]:
    """Turn a full disk into a sentence for the sender and a line for whoever runs the machine."""
    try:
        yield
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        logger.exception("No room for a photograph: make some, or move DATA_DIR to a larger disk.")
        raise PhotoRefused("no_room") from error


def original(photo: Photo) -> bytes:
    """The file as received. Raises LookupError where its sender did not ask that it be kept."""
    if not photo.original_name:
        raise LookupError("the file as received was not kept")
    return sealing.unseal(vault().read(photo.original_name))


def redact(photo: Photo, regions: Iterable[Mapping[str, Any]]) -> None:
    """Replace the covered regions of `photo`; they are burned into everything made after.

    Each region: `shape` "rect" or "ellipse", `x` `y` `w` `h` as fractions 0 to 1 of the upright
    picture, `how` "black" or "blur". Raises ValueError. What hangs in the gallery already is not
    changed: revoke it and release the photograph again.
    """
    photo.redactions = redaction.checked(regions, settings.PHOTO_MAX_REGIONS)
    photo.save(update_fields=["redactions"])


def release(photo: Photo, picture: Picture | None = None) -> Picture:
    """An empty frame for `photo`; enqueue `develop(photo.pk, picture.pk)` to fill it.

    With `picture`, a frame that was revoked is hung again. Fast; belongs in the transaction that
    publishes.
    """
    picture = picture or Picture()
    with transaction.atomic():
        _take_down(picture)
        picture.width, picture.height = photo.width, photo.height
        picture.released = True
        picture.save()
    return picture


def revoke(picture: Picture) -> None:
    """Take `picture` down: no address of it answers once the caller's transaction is committed.

    Its files are deleted on commit, its renditions' rows at once, its placeholder too. The empty
    frame stays for the words around it; delete the row itself to be rid of that as well.
    """
    with transaction.atomic():
        _take_down(picture)
        picture.released = False
        picture.save()


def _take_down(picture: Picture) -> None:
    names = _shown_names(picture) if picture.pk else []
    picture.name = secrets.token_hex(16)  # whatever is being made for the old name is void now
    picture.placeholder, picture.ready = "", False
    transaction.on_commit(lambda: _delete_from_gallery(names), robust=True)


def _shown_names(picture: Picture) -> list[str]:
    """The names of a picture's files, whose rows are deleted here.

    The row is locked before they are looked for: on PostgreSQL a worker could otherwise hang its
    renditions between our looking and our saving, and they would stay.
    """
    Picture.objects.select_for_update().filter(pk=picture.pk).first()
    shown = Rendition.objects.filter(picture=picture)
    names = list(shown.values_list("name", flat=True))
    shown.delete()
    return names


def _delete_from_gallery(names: Iterable[str]) -> None:
    for name in names:
        gallery().delete(name)


def discard(photo: Photo) -> None:
    """Erase `photo`: its row at once, its files in the vault on commit."""
    names = [name for name in (photo.name, photo.original_name) if name]
    photo.delete()
    transaction.on_commit(lambda: _delete_from_vault(names), robust=True)


def _delete_from_vault(names: Iterable[str]) -> None:
    for name in names:
        vault().delete(name)


def develop(photo_pk: int, picture_pk: int) -> None:
    """Make the renditions of a released picture. Safe to repeat; does nothing where all is done.

    Also does nothing where the photograph or the picture is gone or the picture was revoked.
    Raises Superseded where either changed meanwhile, Altered where the master did, PhotoRefused
    where the disk is full or the machine too small.
    """
    photo = Photo.objects.filter(pk=photo_pk).first()
    picture = Picture.objects.filter(pk=picture_pk, released=True, ready=False).first()
    if photo is None or picture is None:
        return
    sizes = renditions.plan(
        photo.width, photo.height, settings.PHOTO_WIDTHS, settings.PHOTO_THUMBNAIL_BYTES
    )
    with _room(), ExitStack() as stack:
        drafts = [stack.enter_context(gallery().draft()) for _ in sizes]
        report = _from_master("renditions", photo, drafts, sizes=sizes)
        made = _kept_renditions(sizes, drafts)
    try:
        _hang(photo, picture, made, report["placeholder"])
    except BaseException:
        _delete_from_gallery(rendition.name for rendition in made)
        raise


def _from_master(task: str, photo: Photo, drafts: list[Draft], **order: Any) -> dict[str, Any]:
    with vault().path(photo.name).open("rb") as master:
        if _checksum(master) != photo.checksum:
            raise Altered(f"photo {photo.pk} in the vault is not what was admitted")
        targets = [draft.handle for draft in drafts]
        regions = photo.redactions
        return sandbox.run(task, master, targets, format=photo.format, regions=regions, **order)


def _kept_renditions(sizes: list[renditions.Size], drafts: list[Draft]) -> list[Rendition]:
    """The files under their names, all of them or none: a full disk is not filled further."""
    made: list[Rendition] = []
    try:
        for size, draft in zip(sizes, drafts, strict=True):
            length = draft.handle.seek(0, io.SEEK_END)
            name = gallery().keep(draft, renditions.SUFFIXES[size["format"]])
            made.append(
                Rendition(
                    format=size["format"],
                    width=size["width"],
                    height=size["height"],
                    bytes=length,
                    name=name,
                )
            )
    except BaseException:
        _delete_from_gallery(rendition.name for rendition in made)
        raise
    return made


def _hang(photo: Photo, picture: Picture, made: list[Rendition], placeholder: str) -> None:
    """Let the files be seen, all together, if what they were made for still holds."""
    with transaction.atomic():
        frame = Picture.objects.select_for_update().filter(pk=picture.pk, name=picture.name)
        same = Photo.objects.filter(pk=photo.pk, redactions=photo.redactions)
        if frame.first() is None or not same.exists():
            raise Superseded
        for rendition in made:
            rendition.picture = picture
        Rendition.objects.bulk_create(made)
        frame.update(ready=True, placeholder=placeholder)


def preview(
    photo: Photo, width: int, *, grey: bool = False, blurred: bool = False, covered: bool = True
) -> bytes:
    """A JPEG of `photo`, at most `width` pixels wide, for a page that may show it.

    `covered` burns the redactions in; the tool that draws them asks for it without. `grey` and
    `blurred` spare a moderator. The answer must be sent `no-store`, to people allowed to see it.
    Raises PhotoRefused ("busy", "too_heavy").
    """
    regions = photo.redactions if covered else []
    with vault().path(photo.name).open("rb") as master, vault().draft() as draft:
        sandbox.run(
            "preview",
            master,
            [draft.handle],
            format=photo.format,
            regions=regions,
            width=width,
            grey=grey,
            blurred=blurred,
        )
        draft.handle.seek(0)
        return draft.handle.read()


def sources(picture: Picture) -> list[Source]:
    """Every rendition of `picture`, narrowest first; empty while it is not ready."""
    return [
        Source(url=each.url, width=each.width, height=each.height, format=each.format)
        for each in sorted(picture.renditions.all(), key=lambda each: (each.width, each.format))
    ]


def sketch(scene: str, seed: int, *, lines: Sequence[str] = ()) -> bytes:
    """A drawn picture as JPEG bytes, for the invented sample archive; same arguments, same picture.

    `scene` is one of `media.sketches.SCENES`; `lines` are the written lines of the scene "page".
    Raises ValueError for a scene we cannot draw.
    """
    from media import sketches  # draws with Pillow, which the web process otherwise never loads

    return sketches.draw(scene, seed, lines=list(lines))


CARD_SIZE = (1200, 630)  # pixels; as `media.cards` draws, which is not loaded to say so


def card(title: str, byline: str, archive_name: str) -> bytes:
    """A drawn card as PNG bytes, `CARD_SIZE` large; same words, same card on the same machine."""
    from media import cards  # draws with Pillow, which the web process otherwise never loads

    return cards.draw(title, byline, archive_name)
