"""Addresses of routing, and of the page on which a referral is sent to a service."""

from django.urls import path

from alongside.support.arrivals.routing import views

app_name = "routing"
urlpatterns = [
    path("referrals/<uuid:pk>/offer/", views.offer, name="offer"),
    path("routing/", views.lists, name="lists"),
    path("routing/begin/", views.begin, name="begin"),
    path("routing/to-note/", views.to_note, name="to_note"),
    path("routing/decisions/<uuid:pk>/note/", views.note, name="note"),
    path("routing/versions/<uuid:pk>/", views.version, name="version"),
    path("routing/versions/<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("routing/versions/<uuid:pk>/go-back/", views.go_back, name="go_back"),
    path("routing/drafts/<uuid:pk>/", views.draft, name="draft"),
    path("routing/drafts/<uuid:pk>/add-rule/", views.add_rule, name="add_rule"),
    path("routing/drafts/<uuid:pk>/rules/<uuid:rule>/revise/", views.revise_rule, name="revise_rule"),
    path("routing/drafts/<uuid:pk>/move-rule/", views.move_rule, name="move_rule"),
    path("routing/drafts/<uuid:pk>/remove-rule/", views.remove_rule, name="remove_rule"),
    path("routing/drafts/<uuid:pk>/throw-away/", views.throw_away, name="throw_away"),
    path("routing/drafts/<uuid:pk>/try-out/", views.try_out, name="try_out"),
    path("routing/drafts/<uuid:pk>/make-live/", views.make_live, name="make_live"),
    path("routing/previews/<uuid:pk>/", views.preview, name="preview"),
    path("routing/previews/<uuid:pk>/referrals/", views.moved, name="moved"),
]
