"""From the keys of hits back to rows: public ones only, whatever the index says."""

from __future__ import annotations

from collections.abc import Sequence

from archive.models.story import Story


def of(keys: Sequence[str]) -> list[Story]:
    """The public stories behind these keys, in their order, with what a list shows; what is not
    public drops out."""
    found = {
        story.public_id: story
        for story in Story.objects.public()
        .for_lists()
        .defer("body_html")  # as long as the text again, and no list shows it
        .filter(public_id__in=keys)
    }
    return [found[key] for key in keys if key in found]
