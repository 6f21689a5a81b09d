"""What the public reads: stories and their photographs, and nothing that leads back to who sent them.

`archive.publication` alone decides what stands in these rows (with `hanging`, for photographs);
`vocabulary` moves themes on them, and `catalogue` notes what its index owes.
`Story.objects.public()` is the one definition of "published"; every public page, feed, sitemap and
API answer goes through it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Self

from django.db import connection, models
from django.db.models import F, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext

from archive.identifiers import random_id
from archive.models.vocabulary import Campaign, Place, Theme

WORDS_PER_MINUTE = 230  # the usual figure for reading prose on a screen

_LETTERS_OR_SPACE = bytes(32 if chr(code).isspace() else 120 for code in range(256))
# Where an opening may end: after a sentence, which neither `Mr.` nor an initial ends.
_SENTENCE_END = re.compile(
    r"(?:(?<!\b[A-Z])(?<!\bM[rs])(?<!\b[DS]r)(?<!\bSt)(?<!\bMrs)(?<!\b[DS]ra)\.|[?!])”? |” "
)

TAKEN_SLUGS = {"report"}  # pages below a story; one that is so titled is found without its title


class Kind(models.TextChoices):
    """The two things one can bring."""

    STORY = "story", _("Story")
    PHOTO_PROJECT = "photo_project", _("Photo project")


class Season(models.TextChoices):
    """As exact as a date may be shown by default (safety.md, consent model)."""

    WINTER = "winter", _("winter")
    SPRING = "spring", _("spring")
    SUMMER = "summer", _("summer")
    AUTUMN = "autumn", _("autumn")


_SEASONS = dict(Season.choices)

# The written pages beside portraits: a story's own page shows them, a list does not.
_PAGES = "photos__companion__renditions"


def photos_with_sizes() -> tuple[Prefetch, str]:
    """What to prefetch for stories whose photographs are shown: two queries.

    Made anew for each query: a `Prefetch` remembers the one that it was used in.
    """
    photos = StoryPhoto.objects.select_related("picture", "companion")
    return Prefetch("photos", photos), "photos__picture__renditions"


class StoryQuerySet(models.QuerySet["Story"]):
    """The public view of the table."""

    def public(self) -> Self:
        """Published, not withdrawn, inside the time its teller allowed."""
        today = timezone.localdate()
        return self.filter(
            Q(visible_until__isnull=True) | Q(visible_until__gte=today),
            withdrawn=False,
            visible_from__lte=today,
        )

    def in_families(self, roots: Iterable[int]) -> Self:
        """Stories with these keys, and their translations."""
        wanted = list(roots)
        return self.filter(Q(pk__in=wanted) | Q(translation_of_id__in=wanted))

    def with_photos(self) -> Self:
        """With photographs and their sizes, in two queries more."""
        return self.prefetch_related(*photos_with_sizes())

    def with_plates(self) -> Self:
        """With photographs, the pages beside them, and the sizes of both, in three queries more."""
        return self.with_photos().prefetch_related(_PAGES)

    def for_lists(self) -> Self:
        """With what an opening in a list shows, in a fixed number of queries."""
        return self.with_photos().select_related("place").prefetch_related("themes")

    def whole(self) -> Self:
        """With everything that a story's own page shows."""
        return self.for_lists().prefetch_related("campaigns", _PAGES)


class Story(models.Model):
    """One published piece, holding only what may be seen."""

    public_id = models.CharField(max_length=10, unique=True, default=random_id, editable=False)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind, default=Kind.STORY)
    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(max_length=80, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    body = models.TextField(_("text"), blank=True)
    body_html = models.TextField(blank=True, editable=False)
    byline = models.CharField(_("byline"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    year_from = models.SmallIntegerField(_("from year"), null=True, blank=True)
    year_to = models.SmallIntegerField(_("to year"), null=True, blank=True)
    season = models.CharField(_("season"), max_length=10, choices=Season, blank=True)
    when_text = models.CharField(_("date as shown"), max_length=40, blank=True)
    place = models.ForeignKey(
        Place, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    place_text = models.CharField(_("place as shown"), max_length=120, blank=True)
    themes = models.ManyToManyField(Theme, blank=True, related_name="stories")
    campaigns = models.ManyToManyField(Campaign, blank=True, related_name="stories")
    content_notes = models.JSONField(_("content notes"), default=list, blank=True)
    permitted_uses = models.JSONField(_("permitted uses"), default=list, blank=True)
    pull_quotes = models.JSONField(_("pull quotes"), default=list, blank=True)
    search_engines = models.BooleanField(_("search engines may list it"), default=False)
    source = models.CharField(_("source"), max_length=300, blank=True)  # mostly an address
    licence = models.CharField(_("licence"), max_length=120, blank=True)
    translation_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="translations"
    )
    published_on = models.DateField(_("published on"))
    amended_on = models.DateField(_("amended on"), null=True, blank=True)
    visible_from = models.DateField(_("visible from"))
    visible_until = models.DateField(_("visible until"), null=True, blank=True)
    withdrawn = models.BooleanField(_("withdrawn"), default=False)
    # How often this row changed since the index last heard of it; raised in the transaction that
    # changes it, set to 0 by the catalogue, which compares, so that no change is missed.
    index_debt = models.PositiveIntegerField(default=1, editable=False)

    objects = StoryQuerySet.as_manager()

    class Meta:
        ordering = ["-published_on", "-pk"]
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        indexes = [
            models.Index(fields=["withdrawn", "-published_on", "-id"], name="story_newest"),
            models.Index(fields=["id"], condition=Q(index_debt__gt=0), name="story_index_debt"),
        ]

    def __str__(self) -> str:
        return self.public_id

    def get_absolute_url(self) -> str:
        if not self.slug or self.slug in TAKEN_SLUGS:
            return reverse("story_bare", args=[self.public_id])
        return reverse("story", args=[self.public_id, self.slug])

    @property
    def html(self) -> SafeString:
        """The text as `archive.text` rendered it: safe by construction, written by it alone."""
        return mark_safe(self.body_html)  # noqa: S308

    @property
    def root_id(self) -> int:
        """Key of the story that this one translates, or its own: the same for a whole family."""
        return self.translation_of_id or self.pk

    @property
    def family(self) -> str:
        """Shared by a story and its translations: together they are one result of a search."""
        return self.translation_of.public_id if self.translation_of else self.public_id

    def siblings(self) -> StoryQuerySet:
        """The same story in other languages, as far as they are public."""
        return Story.objects.public().in_families([self.root_id]).exclude(pk=self.pk)

    @property
    def words(self) -> int:
        """Length of the text in words."""
        try:
            letters = self.body.encode("latin-1").translate(_LETTERS_OR_SPACE)
        except UnicodeEncodeError:
            return len(self.body.split())
        # A list counts twenty texts: this makes no string of each word, and is twice as quick.
        return letters.count(b" x") + letters.startswith(b"x")

    @property
    def minutes(self) -> int:
        """Minutes to read it, at least one."""
        return max(1, round(self.words / WORDS_PER_MINUTE))

    @property
    def minutes_label(self) -> str:
        """How long it takes to read, in the language of the page."""
        minutes = self.minutes
        return ngettext("%(minutes)s minute", "%(minutes)s minutes", minutes) % {"minutes": minutes}

    @property
    def opening(self) -> str:
        """How it begins: whole sentences of the first paragraphs, about 220 characters."""
        text = " ".join(self.body[:900].split())
        if len(text) <= 240:
            return text
        ends = [match.end() for match in _SENTENCE_END.finditer(text, 80, 242)]
        return text[: ends[-1]].rstrip() if ends else text[:220].rsplit(" ", 1)[0] + "…"

    @property
    def place_label(self) -> str:
        """The place as its teller allows it to be shown."""
        return self.place.name if self.place else self.place_text

    @property
    def when_label(self) -> str:
        """The time as its teller allows it to be shown: “spring 1994”, “1990–2004”."""
        if self.when_text:
            return self.when_text
        if self.year_from is None:
            return ""
        if self.year_to and self.year_to != self.year_from:
            return f"{self.year_from}–{self.year_to}"
        if self.season:
            return pgettext("season and year", "%(season)s %(year)s") % {
                "season": _SEASONS.get(self.season, self.season),
                "year": self.year_from,
            }
        return str(self.year_from)

    def citation(self, archive: str, site: str) -> str:
        """How to cite it: who, what, where, when it was published; `site` has no final slash."""
        who = self.byline or _("Anonymous")
        day = date_format(self.published_on)
        return f"{who}, “{self.title}”, {archive}, {day}, {site}{self.get_absolute_url()}"

    @property
    def lead_photo(self) -> StoryPhoto | None:
        """The first photograph that is ready to be shown; of the rows already at hand."""
        return next((photo for photo in self.photos.all() if photo.picture.ready), None)


class StoryPhoto(models.Model):
    """A photograph in its place in a story; the pixels are the gallery's."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="photos")
    picture = models.OneToOneField("media.Picture", on_delete=models.CASCADE, related_name="+")
    # The written page that stands beside a portrait in a photo project.
    companion = models.OneToOneField(
        "media.Picture", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    position = models.PositiveSmallIntegerField(default=0)
    alt = models.TextField(_("description for people who do not see it"), blank=True)
    companion_alt = models.TextField(blank=True)
    caption = models.TextField(_("caption"), blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    transcript = models.TextField(_("transcript of the written page"), blank=True)
    sitter = models.CharField(_("who is shown, as they allow"), max_length=200, blank=True)
    # The transcript as HTML with the words of a search marked; set for one page, never kept.
    marked: SafeString | str = ""

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.story_id}/{self.position}"

    def get_absolute_url(self) -> str:
        """Its own page. The number is the position it was hung at: taking another plate down does
        not hand its address to a different person."""
        if not self.story.slug:
            return reverse("plate_bare", args=[self.story.public_id, self.position])
        return reverse("plate", args=[self.story.public_id, self.story.slug, self.position])


class Generation(models.Model):
    """One row: a number that every change to what is public raises, in its own transaction.

    Cached pages are kept under it, so that nothing withdrawn is ever served from a cache.
    """

    number = models.PositiveBigIntegerField(default=1)

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def now(cls) -> str:
        """The number in force, with the day: embargoes begin and end at midnight."""
        with connection.cursor() as cursor:  # at every request: not worth a query set
            cursor.execute("SELECT number FROM archive_generation WHERE id = 1")
            row = cursor.fetchone()
        return f"{row[0] if row else 0}.{timezone.localdate().toordinal()}"

    @classmethod
    def advance(cls) -> None:
        """Raise the number; called inside the transaction that changes what is public."""
        if not cls.objects.filter(pk=1).update(number=F("number") + 1):
            cls.objects.get_or_create(pk=1)
