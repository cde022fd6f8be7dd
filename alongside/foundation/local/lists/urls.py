"""Addresses of lists, for the hub's office."""

from django.urls import path

from alongside.foundation.local.lists import views

app_name = "lists"
urlpatterns = [
    path("", views.lists, name="lists"),
    path("add/", views.add, name="add"),
    path("upload/", views.upload, name="upload"),
    path("<uuid:pk>/", views.show, name="show"),
    path("<uuid:pk>/change/", views.change, name="change"),
    path("<uuid:pk>/pause/", views.pause, name="pause"),
    path("<uuid:pk>/resume/", views.resume, name="resume"),
    path("<uuid:pk>/remove/", views.remove, name="remove"),
    path("<uuid:pk>/read/", views.ask, name="ask"),
    path("<uuid:pk>/differences/", views.differences, name="differences"),
    path("<uuid:pk>/differences/chosen/", views.decide_chosen, name="decide_chosen"),
    path("<uuid:pk>/differences/all/", views.decide_all, name="decide_all"),
    path("readings/<uuid:pk>/", views.reading, name="reading"),
    path("readings/<uuid:pk>/stop/", views.stop, name="stop"),
    path("readings/<uuid:pk>/try-again/", views.try_again, name="try_again"),
    path("readings/<uuid:pk>/report/", views.report, name="report"),
    path("differences/<uuid:pk>/", views.difference, name="difference"),
    path("differences/<uuid:pk>/accept/", views.accept, name="accept"),
    path("differences/<uuid:pk>/reject/", views.reject, name="reject"),
    path("differences/<uuid:pk>/undo/", views.undo, name="undo"),
    path("differences/<uuid:pk>/same/", views.same, name="same"),
    path("differences/<uuid:pk>/another/", views.another, name="another"),
]
