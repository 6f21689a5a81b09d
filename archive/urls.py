"""Every address of the archive. English stands without a prefix, Spanish below `/es/`."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path, re_path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from archive.feeds import StoriesFeed
from archive.sitemaps import SITEMAPS
from archive.web import desk, places, public, share, share_receipt, share_steps

# Ten characters of Crockford's base 32 (archive.identifiers); anything else is no story.
STORY = r"stories/(?P<public_id>[0-9a-hjkmnp-tv-z]{10})/"

urlpatterns = [
    path("healthz", public.healthz, name="healthz"),
    path("robots.txt", public.robots, name="robots"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("favicon.ico", RedirectView.as_view(url="/static/archive/mark.svg"), name="favicon"),
    path("", include("media.urls")),
    path("api/", include("archive.api.urls")),
]
urlpatterns += i18n_patterns(
    path("", public.home, name="home"),
    path("stories/", public.stories, name="stories"),
    path("stories/feed.atom", require_safe(public.public_page(StoriesFeed())), name="feed"),
    re_path(rf"^{STORY}$", public.story, name="story_bare"),
    re_path(rf"^{STORY}(?P<slug>[\w-]+)/$", public.story, name="story"),
    path("themes/", public.themes, name="themes"),
    path("themes/<slug:slug>/", public.theme, name="theme"),
    path("places/", places.places, name="places"),
    path("places/<slug:slug>/", places.place, name="place"),
    path("campaigns/", public.campaigns, name="campaigns"),
    path("campaigns/<slug:slug>/", public.campaign, name="campaign"),
    path("help/search/", public.search_help, name="search_help"),
    path("share/", share.begin, name="share"),
    path("share/story/", share_steps.Journey.as_view(), name="share_story"),
    path("share/photos/", share_steps.PhotoJourney.as_view(), name="share_photos"),
    path("share/receipt/", share_receipt.receipt, name="receipt"),
    path("share/leave/", share.leave, name="share_leave"),
    path("desk/", desk.queue, name="desk"),
    path("desk/next/", desk.take_next, name="desk_next"),
    path("desk/themes/", desk.themes, name="desk_themes"),
    path("desk/components/", desk.components, name="desk_components"),
    path("desk/pieces/<slug:reference>/", desk.piece, name="desk_piece"),
    path("desk/pieces/<slug:reference>/photo/", desk.describe_photo, name="desk_describe_photo"),
    path(
        "desk/pieces/<slug:reference>/photos/<int:enclosure>/<int:width>/",
        desk.photo,
        name="desk_photo",
    ),
    path("desk/account/", include("allauth.account.urls")),
    path("desk/account/mfa/", include("allauth.mfa.urls")),
    path("<slug:slug>/", public.page, name="page"),
    prefix_default_language=False,
)
handler404 = "archive.web.public.not_found"
