"""Addresses of community groups, for staff."""

from django.urls import path

from alongside.foundation.local.community import views

app_name = "community"
urlpatterns = [
    path("", views.groups, name="groups"),
    path("groups.csv", views.download, name="download"),
    path("new/", views.add, name="add"),
    path("reach/", views.reach, name="reach"),
    path("consortia/", views.all_consortia, name="consortia"),
    path("consortia/new/", views.form_consortium, name="form_consortium"),
    path("consortia/<uuid:pk>/", views.consortium, name="consortium"),
    path("consortia/<uuid:pk>/change/", views.reword, name="reword"),
    path("consortia/<uuid:pk>/join/", views.join, name="join"),
    path("consortia/<uuid:pk>/end/", views.end_consortium, name="end_consortium"),
    path("consortia/members/<uuid:pk>/leave/", views.leave, name="leave"),
    path("people/<uuid:pk>/", views.person, name="person"),
    path("people/<uuid:pk>/off/", views.take_off, name="take_off"),
    path("contacts/<uuid:pk>/off/", views.take_back, name="take_back"),
    path("needs/<uuid:pk>/", views.move_need, name="move_need"),
    path("<uuid:pk>/", views.show, name="show"),
    path("<uuid:pk>/change/", views.change, name="change"),
    path("<uuid:pk>/contact/", views.contact, name="contact"),
    path("<uuid:pk>/people/", views.people, name="people"),
    path("<uuid:pk>/people/new/", views.add_person, name="add_person"),
    path("<uuid:pk>/needs/", views.note_need, name="note_need"),
    path("<uuid:pk>/stage/", views.stage, name="stage"),
    path("<uuid:pk>/erase/", views.erase, name="erase"),
    path("<uuid:pk>/link/", views.link, name="link"),
]
