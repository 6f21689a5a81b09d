"""Publishes, amends, withdraws, restores, erases. The only writer of stories.

Copies to a story what the consent in force allows, and nothing else. Called by the desk, by the
contributor's pages (withdrawal by receipt), by the import, and by what decides when or how often:
`planning`, `changing`, `erasing`, `batches`. Every change tells the catalogue and raises
the generation of cached pages in its own transaction.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from archive import (
    catalogue,
    clearance,
    consent,
    hanging,
    jobs,
    ledger,
    misses,
    moves,
    safeguards,
    sealing,
    text,
    tidings,
    tombstones,
)
from archive.actors import Actor
from archive.models.person import Person
from archive.models.story import Generation, Story
from archive.models.submission import Consent, Revision, State, Submission
from archive.models.vocabulary import Campaign, Theme
from archive.refusals import NotAllowed, WrongState
from media import photos


@transaction.atomic
def publish(
    submission: Submission,
    *,
    version: int,
    by: Person,
    themes: Iterable[Theme],
    campaigns: Iterable[Campaign] = (),
    translation_of: Story | None = None,
    published_on: datetime.date | None = None,
) -> Story:
    """Make a story of the accepted version, under these themes.

    `published_on` is for what was public before it came here; a new story bears today's date.
    Raises `NotAllowed` where the consent in force does not allow it, `VersionChanged` where the
    accepted version is another one, `Incomplete` where a photograph lacks its description or
    shows somebody who has not agreed.
    """
    piece = Submission.objects.locked(submission)
    piece.state = moves.check("publish", piece, by)
    revision, allowed = clearance.demand(piece, version, by)
    story = piece.story or Story(published_on=published_on or timezone.localdate())
    story.withdrawn = False
    story.translation_of = translation_of
    piece.published_version = version
    _write(story, piece, revision, allowed)
    _tag((piece, story), themes, campaigns)
    return _finish("publish", piece, story, by=by)


@transaction.atomic
def publish_all(submissions: Sequence[Submission], *, by: Person) -> list[Story]:
    """Publish many accepted pieces for the first time, under the themes they were tagged with.

    The same as `publish` for each, in few statements, all or none. Pieces with photographs go one
    by one: raises `WrongState` for them.
    """
    pieces = list(
        Submission.objects.held()
        .filter(pk__in=[submission.pk for submission in submissions])
        .prefetch_related("consents", "contact", "handling", "themes", "campaigns")
        .prefetch_related("enclosures__photo")
        .order_by("pk")
    )
    if any(piece.enclosures.all() for piece in pieces):
        raise WrongState(_("Pieces with photographs are published one by one."))
    stories = [_story_for(piece, by) for piece in pieces]
    Story.objects.bulk_create(stories)
    for piece, story in zip(pieces, stories, strict=True):
        piece.story = story
    Submission.objects.bulk_update(pieces, ["story"])
    Submission.objects.keep_all(
        pieces, "state", "published_version", "claimed_by_id", "claimed_until"
    )
    _tag_all(pieces)
    ledger.write_all("publish", pieces, by=by)
    Generation.advance()
    catalogue.owe_all(stories)
    return stories


@transaction.atomic
def amend(submission: Submission, *, version: int, by: Person) -> Story:
    """Replace what is published by a newer accepted version; until then the old one stays up."""
    piece = Submission.objects.locked(submission)
    piece.state = moves.check("amend", piece, by)
    revision, allowed = clearance.demand(piece, version, by)
    story = _story_of(piece)
    story.amended_on = timezone.localdate()
    piece.published_version = version
    _write(story, piece, revision, allowed)
    return _finish("amend", piece, story, by=by)


@transaction.atomic
def retag(submission: Submission, *, themes: Iterable[Theme], by: Person) -> Story:
    """Change the themes of a published story."""
    piece = Submission.objects.locked(submission)
    piece.state = moves.check("amend", piece, by)
    story = _story_of(piece)
    _tag((piece, story), themes, piece.campaigns.all())
    return _finish("retag", piece, story, by=by)


@transaction.atomic
def reconsider(submission: Submission, *, by: Actor) -> Story:
    """Write the published version again under the newest consent; narrowing works at once.

    Where that consent allows no reader any more, the piece is withdrawn.
    """
    piece = Submission.objects.locked(submission)
    piece.state = moves.check("amend", piece, by)
    story, allowed = _story_of(piece), piece.consent_in_force
    if not consent.may_publish(allowed):
        return _story_of(withdraw(piece, by=by))
    _write(story, piece, _published_revision(piece), allowed)
    return _finish("reconsider", piece, story, by=by)


@transaction.atomic
def withdraw(submission: Submission, *, by: Actor) -> Submission:
    """Hide a piece everywhere, at once, whoever waits for what; it can be restored.

    Works in every state that has something to hide. Files in the gallery go with the commit; the
    index follows, and until it has, results pass through `Story.objects.public()` anyway.
    """
    piece = Submission.objects.locked(submission)
    before = piece.state
    piece.state = moves.check("withdraw", piece, by)
    piece.state_before, piece.withdrawn_on = before, timezone.localdate()
    if piece.story is not None:
        piece.story.withdrawn = True
        piece.story.save()
        hanging.hide(piece, piece.story)
        _finish("withdraw", piece, piece.story, by=by)
    else:
        piece.save()
        ledger.write("withdraw", piece, by=by)
    tombstones.hide(tombstones.piece(piece.reference))  # last: what is written stays written
    return piece


@transaction.atomic
def take_down(submission: Submission, *, plate: int, by: Actor) -> Story:
    """Hide one plate of a published piece for good, at once; the rest stays as it hangs.

    `plate` is its number in the address. Where a sitter changes their mind, nobody else's picture
    goes with theirs. Raises `WrongState` where no such plate hangs.
    """
    piece = Submission.objects.locked(submission)
    piece.state = moves.check("take down", piece, by)
    story = _story_of(piece)
    hung = story.photos.filter(position=plate).first()
    if hung is None:
        raise WrongState(_("This photograph is not public. Load the page again."))
    hanging.hide_plate(piece, hung)
    return _finish("take down", piece, story, by=by)


@transaction.atomic
def restore(submission: Submission, *, by: Actor) -> Submission:
    """Undo a withdrawal, under the newest consent.

    Raises `NotAllowed` where that consent lets nobody read it, and to the desk where the
    contributor took it down.
    """
    piece = Submission.objects.locked(submission)
    moves.check("restore", piece, by)
    safeguards.demand_no_conflict("restore", piece, by)
    safeguards.demand_not_the_tellers(piece, by)
    piece.state, piece.state_before, piece.withdrawn_on = piece.state_before, "", None
    piece.erase_on = None
    if piece.state == State.PUBLISHED and not consent.may_publish(piece.consent_in_force):
        raise NotAllowed(
            _("You allow nobody but us to read it. Change that first, then show it again.")
        )
    if piece.story is not None and piece.state == State.PUBLISHED:
        piece.story.withdrawn = False
        _write(piece.story, piece, _published_revision(piece), clearance.agreed(piece))
        _finish("restore", piece, piece.story, by=by)
    else:
        piece.save()
        ledger.write("restore", piece, by=by)
    tombstones.show(tombstones.piece(piece.reference))
    return piece


@transaction.atomic
def erase(submission: Submission, *, by: Actor) -> Submission:
    """Remove everything a person gave: text, versions, photographs, contact, messages, receipt.

    A bare row stays, so that an import does not bring back what was erased, and the ledger line
    says only that it happened. The bytes leave the index with a rebuild, as a job.
    """
    piece = Submission.objects.locked(submission)
    piece.state = moves.check("erase", piece, by)
    _forget_searches(piece)
    if piece.story is not None:
        hanging.hide(piece, piece.story)
        catalogue.forget(piece.story)
        piece.story.delete()
        piece.story = None  # the row is gone, and Django saves nothing that still points to it
        Generation.advance()
    _empty(piece)
    ledger.write("erase", piece, by=by)
    tombstones.erase(tombstones.piece(piece.reference))
    return piece


@jobs.handles("publication.develop")
def develop(payload: dict[str, int]) -> None:
    """Make the public sizes of one released photograph, in the worker."""
    photos.develop(payload["photo"], payload["picture"])
    Generation.advance()


@jobs.every("publication.calendar", hours=1 / 4)
def keep_to_the_calendar(_payload: dict[str, str]) -> None:
    """Hang the photographs of what becomes public by its date alone, and take down those of what
    ceases to be: before and after its time nothing of a story lies in the gallery."""
    public = Story.objects.public()
    pieces = Submission.objects.filter(state=State.PUBLISHED)
    over = Q(enclosures__picture__isnull=False) & ~Q(story__in=public)
    begun = Q(enclosures__withheld=False, story__in=public, story__photos__isnull=True)
    begun &= Q(story__visible_from__gt=F("story__published_on"))
    for piece in pieces.filter(over | begun).distinct():
        with transaction.atomic():
            held = Submission.objects.locked(piece)
            if held.state == State.PUBLISHED and held.story is not None:
                hanging.show(held, held.story, held.consent_in_force)


def shown_names(piece: Submission) -> dict[str, str]:
    """The names a contributor gave, unsealed: "chosen", "first", "full"."""
    contact = getattr(piece, "contact", None)
    return sealing.unseal(contact.sealed) if contact else {}


def byline_of(piece: Submission) -> str:
    """How the narrator would be named in public today; nothing else leaves the seal."""
    return consent.byline(piece.consent_in_force, shown_names(piece))


def _story_of(piece: Submission) -> Story:
    if piece.story is None:
        raise NotAllowed(_("This piece has not been published yet."))
    return piece.story


def _published_revision(piece: Submission) -> Revision:
    return piece.revisions.get(number=piece.published_version or 0)


def _story_for(piece: Submission, by: Person) -> Story:
    """The story of one of many pieces, not yet saved."""
    piece.state = moves.check("publish", piece, by)
    if piece.story_id is not None:
        raise WrongState(_("A piece that was public before is published one by one."))
    revision, allowed = clearance.of_words(piece, piece.version, by)
    piece.published_version = piece.version
    piece.claimed_by = piece.claimed_until = None
    story = Story(published_on=timezone.localdate())
    _copy(story, piece, revision, allowed)
    return story


def _write(story: Story, piece: Submission, revision: Revision, allowed: Consent) -> None:
    """Save what may be seen, words and photographs."""
    _copy(story, piece, revision, allowed)
    story.save()
    hanging.show(piece, story, allowed)


def _copy(story: Story, piece: Submission, revision: Revision, allowed: Consent) -> None:
    """Copy what may be seen. Every line here is a decision of the consent or of an editor."""
    dating = consent.dating(allowed, revision)
    story.kind = piece.kind
    story.title, story.summary = revision.title, revision.summary
    story.body, story.body_html = revision.body, text.to_html(revision.body)
    story.language = revision.language
    story.byline = consent.byline(allowed, shown_names(piece))
    story.year_from, story.year_to, story.season = dating
    story.place = consent.place(allowed, revision.place)
    story.place_text = consent.place_text(allowed, revision.place_text)
    story.content_notes = revision.content_notes
    story.pull_quotes = [quote for quote in revision.pull_quotes if quote in revision.body]
    story.permitted_uses = consent.permitted_uses(allowed)
    story.search_engines = allowed.search_engines
    story.source, story.licence = piece.source, piece.licence
    story.visible_from = consent.visible_from(allowed, story.published_on)
    story.visible_until = consent.visible_until(allowed, story.published_on)
    story.slug = slugify(story.title)[:80].strip("-")


def _tag(
    both: tuple[Submission, Story], themes: Iterable[Theme], campaigns: Iterable[Campaign]
) -> None:
    """Give piece and story the same themes and campaigns."""
    themes, campaigns = list(themes), list(campaigns)
    for tagged in both:
        tagged.themes.set(themes)
        tagged.campaigns.set(campaigns)


def _tag_all(pieces: Iterable[Submission]) -> None:
    """Give each new story the themes and campaigns that its piece carries."""
    for name in ("themes", "campaigns"):
        through = getattr(Story, name).through
        column = {"themes": "theme_id", "campaigns": "campaign_id"}[name]
        through.objects.bulk_create(
            through(story_id=piece.story_id, **{column: entry.pk})
            for piece in pieces
            for entry in getattr(piece, name).all()
        )


def _finish(verb: str, piece: Submission, story: Story, *, by: Actor) -> Story:
    """What every public change ends with: rows, ledger, index, cached pages."""
    piece.story = story
    piece.claimed_by = piece.claimed_until = None
    piece.save()
    ledger.write(verb, piece, by=by)
    tidings.owe(verb, piece)
    Generation.advance()
    catalogue.owe(story)
    return story


def _forget_searches(piece: Submission) -> None:
    """Whoever was looked for and not found is not told to the editors by the words of that search."""
    try:
        known = shown_names(piece)
    except sealing.WrongKey:
        return  # nobody can read the names, and an erasure waits for nothing
    misses.forget(known.get(name, "") for name in ("chosen", "first", "full"))


def _empty(piece: Submission) -> None:
    """Leave of a submission only what tells that it was here."""
    for each in piece.enclosures.select_related("photo"):
        photo = each.photo
        each.delete()
        photos.discard(photo)
    piece.current = None
    piece.save(update_fields=["current"])
    for related in (piece.revisions, piece.consents, piece.messages, piece.reviews):
        related.all().delete()
    for single in ("receipt", "contact", "handling", "draft", "wish"):
        if hasattr(piece, single):
            getattr(piece, single).delete()
    piece.themes.clear()
    piece.campaigns.clear()
    piece.notes, piece.licence, piece.source_digest = {}, "", ""
    piece.token_hash, piece.token_digest, piece.suspicion = None, "", ""
    piece.accepted_version = piece.published_version = piece.agreed_version = None
    piece.erase_on = None
    piece.accepted_by = piece.claimed_by = piece.claimed_until = None
    piece.save()
