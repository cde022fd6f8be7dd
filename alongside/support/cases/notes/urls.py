"""Addresses of notes and counselling notes."""

from django.urls import path

from alongside.support.cases.notes import views

app_name = "notes"
urlpatterns = [
    path("cases/<uuid:pk>/notes/", views.notes, name="notes"),
    path("cases/<uuid:pk>/notes/add/", views.add_note, name="add_note"),
    path("cases/<uuid:pk>/here/", views.here, name="here"),
    path("notes/<uuid:pk>/change/", views.change_note, name="change_note"),
    path("notes/<uuid:pk>/amend/", views.amend_note, name="amend_note"),
    path("cases/<uuid:pk>/counselling/", views.counselling, name="counselling"),
    path("cases/<uuid:pk>/counselling/add/", views.counsel, name="counsel"),
    path("counselling/<uuid:pk>/change/", views.change_counsel, name="change_counsel"),
    path("counselling/<uuid:pk>/amend/", views.amend_counsel, name="amend_counsel"),
    path("cabinets/<uuid:pk>/name-reader/", views.name_reader, name="name_reader"),
    path("cabinets/<uuid:pk>/take-off-reader/", views.take_off_reader, name="take_off_reader"),
]
