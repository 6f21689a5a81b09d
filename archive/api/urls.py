"""The addresses of the API and of its description, all served from here."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from archive.api import submissions, views

urlpatterns = [
    path("v1/stories/", views.Stories.as_view(), name="api-stories"),
    path("v1/stories/<str:public_id>/", views.OneStory.as_view(), name="api-story"),
    path("v1/themes/", views.Themes.as_view(), name="api-themes"),
    path("v1/places/", views.Places.as_view(), name="api-places"),
    path("v1/campaigns/", views.Campaigns.as_view(), name="api-campaigns"),
    path("v1/suggest/", views.Suggest.as_view(), name="api-suggest"),
    path("v1/submissions/", submissions.Submissions.as_view(), name="api-submissions"),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
]
