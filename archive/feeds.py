"""The Atom feed: the same question as the page, answered by the same function."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from archive import catalogue, questions
from archive.models.story import Story


class StoriesFeed(Feed):
    """The newest stories that answer a question."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> questions.Question:
        return questions.read(request.GET)

    def title(self, question: questions.Question) -> str:
        return f"{settings.ARCHIVE_NAME}: {question.q or _('Stories')}"

    def link(self, question: questions.Question) -> str:
        return question.address(reverse("stories"))

    def feed_url(self, question: questions.Question) -> str:
        return question.address(reverse("feed"))

    def subtitle(self) -> str:
        return _("Stories of incarceration, told by those who lived it, as they allow.")

    def items(self, question: questions.Question) -> list[Story]:
        return [result.story for result in catalogue.find(question).results]

    def item_title(self, item: Story) -> str:
        return item.title

    def item_description(self, item: Story) -> str:
        return item.summary or item.opening

    def item_author_name(self, item: Story) -> str:
        return item.byline or _("Anonymous")

    def item_pubdate(self, item: Story) -> datetime:
        """The day, at noon: no hour of ours says when somebody was at a keyboard."""
        return timezone.make_aware(datetime.combine(item.published_on, time(12)))

    def item_categories(self, item: Story) -> list[str]:
        return [theme.label for theme in item.themes.all()]
