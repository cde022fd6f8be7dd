"""Addresses of bringing a caseload along."""

from django.urls import path

from alongside.support.cases.imports import views

app_name = "imports"
urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/upload/", views.upload, name="upload"),
    path("imports/help/", views.guide, name="guide"),
    path("imports/template/", views.template, name="template"),
    path("imports/example/", views.example, name="example"),
    path("imports/<uuid:pk>/", views.show, name="show"),
    path("imports/<uuid:pk>/search/", views.search, name="search"),
    path("imports/<uuid:pk>/sheet/", views.choose_sheet, name="choose_sheet"),
    path("imports/<uuid:pk>/columns/", views.map_columns, name="map_columns"),
    path("imports/<uuid:pk>/words/", views.say_words, name="say_words"),
    path("imports/<uuid:pk>/problems/", views.problems, name="problems"),
    path("imports/<uuid:pk>/bring-in/", views.bring_in, name="bring_in"),
    path("imports/<uuid:pk>/stop/", views.stop, name="stop"),
    path("imports/<uuid:pk>/try-again/", views.try_again, name="try_again"),
    path("imports/<uuid:pk>/undo/", views.undo, name="undo"),
    path("imports/<uuid:pk>/throw-away/", views.throw_away, name="throw_away"),
    path("imports/rows/<uuid:pk>/", views.mend, name="mend"),
    path("imports/rows/<uuid:pk>/apart/", views.say_apart, name="say_apart"),
    path("imports/rows/<uuid:pk>/leave-out/", views.leave_out, name="leave_out"),
    path("imports/rows/<uuid:pk>/take-in/", views.take_in_again, name="take_in_again"),
    path("cases/<uuid:pk>/planned-before/", views.settle_next, name="settle_next"),
]
