"""What readers see: the nine pages that show the hand of the whole site."""

from __future__ import annotations

from tests.browser.shots.shot import Shot

SHOTS = (
    Shot("home", "/"),
    Shot("search", "/stories/?q=door", in_spanish="/stories/?q=puerta"),
    Shot(
        "story",
        "/stories/?kind=story&language=en",
        in_spanish="/stories/?kind=story&language=es",
        first_of=".openings article:has(img) a",
    ),
    Shot("project", "/stories/?kind=photo_project", first_of=".openings a"),
    Shot("theme", "/themes/", first_of=".doors a"),
    Shot("places", "/places/"),
    Shot("campaign", "/campaigns/", first_of=".openings a"),
    Shot("newsletter", "/newsletter/"),
    Shot("about", "/about/"),
)
