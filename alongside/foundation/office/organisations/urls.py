"""Addresses of people and organisations."""

from django.urls import path

from alongside.foundation.office.organisations import views

app_name = "organisations"
urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/invite/", views.invite, name="invite"),
    path("people/invitations/<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("people/<uuid:pk>/role/", views.change_role, name="change_role"),
    path("people/<uuid:pk>/remove/", views.remove, name="remove"),
    path("people/<uuid:pk>/reset/", views.ask_reset, name="ask_reset"),
    path("people/resets/<uuid:pk>/", views.approve_reset, name="approve_reset"),
    path("people/resets/<uuid:pk>/refuse/", views.refuse_reset, name="refuse_reset"),
    path("act/", views.act, name="act"),
    path("invitation/", views.accept, name="accept"),
    path("invitation/<str:token>/", views.arrive, name="arrive"),
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/add/", views.add, name="add"),
    path("organisations/<slug:code>/", views.organisation, name="organisation"),
    path("organisations/<slug:code>/rename/", views.rename, name="rename"),
    path("organisations/<slug:code>/succeed/", views.succeed, name="succeed"),
]
