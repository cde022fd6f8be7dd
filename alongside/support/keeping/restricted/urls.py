"""Addresses of restricted records."""

from django.urls import path

from alongside.support.keeping.restricted import views

app_name = "restricted"
urlpatterns = [
    path("records/", views.records, name="records"),
    path("open/", views.break_seal, name="break_seal"),
    path("opened/", views.opened, name="opened"),
    path("seals/", views.seals, name="seals"),
    path("seals/<uuid:pk>/", views.seal, name="seal"),
    path("known/", views.conflicts, name="conflicts"),
    path("known/declare/", views.declare_name, name="declare_name"),
    path("known/<uuid:pk>/lift/", views.lift_conflict, name="lift_conflict"),
    path("<uuid:pk>/", views.who, name="who"),
    path("<uuid:pk>/restrict/", views.restrict, name="restrict"),
    path("<uuid:pk>/name/", views.name, name="name"),
    path("<uuid:pk>/unname/", views.unname, name="unname"),
    path("<uuid:pk>/ask-to-lift/", views.ask_to_lift, name="ask_to_lift"),
    path("<uuid:pk>/keep/", views.keep, name="keep"),
    path("<uuid:pk>/lift/", views.lift, name="lift"),
    path("<uuid:pk>/declare/", views.declare, name="declare"),
]
