"""Every address of the desk, below `/desk/`. Each stands in the matrix of tests/test_routes.py."""

from __future__ import annotations

from django.urls import include, path

from archive.web import (
    desk_enclosures,
    desk_many,
    desk_overview,
    desk_people,
    desk_piece,
    desk_queue,
    desk_views,
    desk_vocabulary,
    second_factor,
)

urlpatterns = [
    path("", desk_queue.queue, name="desk"),
    path("next/", desk_queue.take_next, name="desk_next"),
    path("views/", desk_views.views, name="desk_views"),
    path("many/", desk_many.many, name="desk_many"),
    path("many/undo/", desk_many.undo, name="desk_many_undo"),
    path("themes/", desk_vocabulary.themes, name="desk_themes"),
    path("themes/new/", desk_vocabulary.theme, name="desk_theme_new"),
    path("themes/<slug:slug>/", desk_vocabulary.theme, name="desk_theme"),
    path("themes/<slug:slug>/act/", desk_vocabulary.theme_act, name="desk_theme_act"),
    path("places/", desk_vocabulary.places, name="desk_places"),
    path("places/<slug:slug>/", desk_vocabulary.place, name="desk_place"),
    path("reasons/", desk_vocabulary.reasons_page, name="desk_reasons"),
    path("morning/", desk_overview.morning, name="desk_morning"),
    path("ledger/", desk_overview.ledger_page, name="desk_ledger"),
    path("ledger/export/", desk_overview.export_ledger, name="desk_ledger_export"),
    path("people/", desk_people.people, name="desk_people"),
    path("invited/<str:token>/", desk_people.invited, name="desk_invited"),
    path("care/", desk_people.care, name="desk_care"),
    path("components/", desk_vocabulary.components, name="desk_components"),
    path("pieces/<slug:reference>/", desk_piece.piece, name="desk_piece"),
    path("pieces/<slug:reference>/compare/", desk_piece.compare, name="desk_compare"),
    path("pieces/<slug:reference>/contact/", desk_piece.contact, name="desk_contact"),
    path("pieces/<slug:reference>/photos/", desk_enclosures.sheet, name="desk_photographs"),
    path(
        "pieces/<slug:reference>/photos/<int:enclosure>/",
        desk_enclosures.photograph,
        name="desk_photograph",
    ),
    path(
        "pieces/<slug:reference>/photos/<int:enclosure>/bare/",
        desk_enclosures.bare,
        name="desk_photo_bare",
    ),
    path(
        "pieces/<slug:reference>/photos/<int:enclosure>/<int:width>/",
        desk_enclosures.preview,
        name="desk_photo",
    ),
    path("account/", include("allauth.account.urls")),
    # Before the sign-in library's own of the same names, which know neither our rules nor the ledger.
    path("account/mfa/totp/activate/", second_factor.renew, name="mfa_activate_totp"),
    path("account/mfa/totp/deactivate/", second_factor.stop, name="mfa_deactivate_totp"),
    path(
        "account/mfa/recovery-codes/generate/",
        second_factor.make_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("account/mfa/webauthn/add/", second_factor.add, name="mfa_add_webauthn"),
    path(
        "account/mfa/webauthn/reauthenticate/",
        second_factor.again,
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "account/mfa/webauthn/keys/<int:pk>/remove/",
        second_factor.remove,
        name="mfa_remove_webauthn",
    ),
    path("account/mfa/", include("allauth.mfa.urls")),
]
