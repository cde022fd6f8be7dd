"""Addresses of the journey through justice. None holds an identity."""

from django.urls import path

from alongside.support.cases.justice import views

app_name = "justice"
urlpatterns = [
    path("justice/", views.ahead, name="ahead"),
    path("justice/download/", views.download, name="download"),
    path("cases/<uuid:pk>/justice/", views.show, name="show"),
    path("cases/<uuid:pk>/justice/start/", views.start, name="start"),
    path("justice/<uuid:pk>/revise/", views.revise, name="revise"),
    path("justice/<uuid:pk>/add/", views.add, name="add"),
    path("justice/<uuid:pk>/add/<slug:kind>/", views.add_turn, name="add_turn"),
    path("justice/turns/<uuid:pk>/hold/", views.hold, name="hold"),
    path("justice/turns/<uuid:pk>/postpone/", views.postpone, name="postpone"),
    path("justice/turns/<uuid:pk>/tell/", views.tell, name="tell"),
    path("justice/turns/<uuid:pk>/chase/", views.chase, name="chase"),
    path("justice/turns/<uuid:pk>/reassess/", views.reassess, name="reassess"),
    path("justice/turns/<uuid:pk>/strike-out/", views.strike_out, name="strike_out"),
]
