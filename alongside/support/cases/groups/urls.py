"""Addresses of group work. None holds an identity."""

from django.urls import path

from alongside.support.cases.groups import views

app_name = "groups"
urlpatterns = [
    path("", views.groups, name="groups"),
    path("set-up/", views.set_up, name="set_up"),
    path("<uuid:pk>/", views.show, name="show"),
    path("<uuid:pk>/change/", views.change, name="change"),
    path("<uuid:pk>/end/", views.end, name="end"),
    path("<uuid:pk>/plan/", views.plan_meetings, name="plan_meetings"),
    path("sessions/<uuid:pk>/", views.register, name="register"),
    path("sessions/<uuid:pk>/cancel/", views.cancel_meeting, name="cancel_meeting"),
    path("sessions/<uuid:pk>/print/", views.print_register, name="print_register"),
    path("case/<uuid:pk>/", views.of_case, name="of_case"),
    path("places/<uuid:pk>/join/", views.join, name="join"),
    path("places/<uuid:pk>/leave/", views.leave, name="leave"),
]
