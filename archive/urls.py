"""Every address of the archive. English stands without a prefix, Spanish below `/es/`."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path, re_path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from archive.feeds import StoriesFeed
from archive.sitemaps import SITEMAPS
from archive.web import (
    campaigns,
    concern,
    desk,
    newsletter,
    newsroom,
    places,
    public,
    share,
    share_receipt,
    share_steps,
)

# Ten characters of Crockford's base 32 (archive.identifiers); anything else is no story.
STORY = r"stories/(?P<public_id>[0-9a-hjkmnp-tv-z]{10})/"

urlpatterns = [
    path("healthz", public.healthz, name="healthz"),
    path("robots.txt", public.robots, name="robots"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("favicon.ico", RedirectView.as_view(url="/static/archive/mark.svg"), name="favicon"),
    path("", include("media.urls")),
    re_path(rf"^{STORY}card\.png$", public.story_card, name="story_card"),
    path("api/", include("archive.api.urls")),
]
urlpatterns += i18n_patterns(
    path("", public.home, name="home"),
    path("stories/", public.stories, name="stories"),
    path("stories/feed.atom", require_safe(public.public_page(StoriesFeed())), name="feed"),
    re_path(rf"^{STORY}$", public.story, name="story_bare"),
    # Before the titles: see TAKEN_SLUGS.
    re_path(rf"^{STORY}report/$", concern.tell, name="story_concern"),
    re_path(rf"^{STORY}(?P<slug>[\w-]+)/$", public.story, name="story"),
    path("themes/", public.themes, name="themes"),
    path("themes/<slug:slug>/", public.theme, name="theme"),
    path("places/", places.places, name="places"),
    path("places/<slug:slug>/", places.place, name="place"),
    path("campaigns/", campaigns.campaigns, name="campaigns"),
    path("campaigns/<slug:slug>/", campaigns.campaign, name="campaign"),
    path("campaigns/<slug:slug>/reports/<slug:public_id>/", campaigns.report, name="report"),
    path("news/", public.news, name="news"),
    path("newsletter/", newsletter.sign_up, name="newsletter"),
    path("newsletter/asked/", newsletter.asked, name="newsletter_asked"),
    path("newsletter/confirm/<str:token>/", newsletter.confirm, name="newsletter_confirm"),
    path("newsletter/leave/<str:token>/", newsletter.leave, name="newsletter_leave"),
    path("help/search/", public.search_help, name="search_help"),
    path("share/", share.begin, name="share"),
    path("share/story/", share_steps.Journey.as_view(), name="share_story"),
    path("share/photos/", share_steps.PhotoJourney.as_view(), name="share_photos"),
    path("share/receipt/", share_receipt.receipt, name="receipt"),
    path("share/leave/", share.leave, name="share_leave"),
    path("desk/", desk.queue, name="desk"),
    path("desk/next/", desk.take_next, name="desk_next"),
    path("desk/themes/", desk.themes, name="desk_themes"),
    path("desk/campaigns/", newsroom.campaigns, name="desk_campaigns"),
    path("desk/campaigns/new/", newsroom.campaign, name="desk_campaign_new"),
    path("desk/campaigns/<slug:slug>/", newsroom.campaign, name="desk_campaign"),
    path("desk/campaigns/<slug:slug>/reports/", newsroom.add_report, name="desk_report_add"),
    path(
        "desk/campaigns/<slug:slug>/reports/<slug:public_id>/",
        newsroom.remove_report,
        name="desk_report_remove",
    ),
    path("desk/news/", newsroom.news, name="desk_news"),
    path("desk/news/new/", newsroom.note, name="desk_note_new"),
    path("desk/news/<int:number>/", newsroom.note, name="desk_note"),
    path("desk/news/<int:number>/remove/", newsroom.remove_note, name="desk_note_remove"),
    path("desk/pages/", newsroom.pages, name="desk_pages"),
    path("desk/pages/<slug:slug>/", newsroom.page, name="desk_page"),
    path("desk/newsletter/", newsroom.subscribers, name="desk_newsletter"),
    path("desk/newsletter/export/", newsroom.export_subscribers, name="desk_newsletter_export"),
    path("desk/concerns/", newsroom.concerns_page, name="desk_concerns"),
    path("desk/concerns/<int:number>/", newsroom.settle_concern, name="desk_concern"),
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
