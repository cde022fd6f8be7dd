"""Addresses of appointments. None holds an identity; that of a calendar is a secret of its worker's own."""

from django.urls import path

from alongside.support.cases.appointments import views

app_name = "appointments"
urlpatterns = [
    path("appointments/", views.calendar, name="calendar"),
    path("appointments/print/", views.print_day, name="print_day"),
    path("appointments/address/", views.feed, name="feed"),
    path("appointments/address/make/", views.make_feed, name="make_feed"),
    path("appointments/address/stop/", views.stop_feed, name="stop_feed"),
    path("busy/<slug:token>.ics", views.busy, name="busy"),
    path("casework/cases/<uuid:pk>/appointments/", views.of_case, name="of_case"),
    path("casework/cases/<uuid:pk>/appointments/plan/", views.plan, name="plan"),
    path("casework/cases/<uuid:pk>/appointments/record/", views.record_new, name="record_new"),
    path("appointments/<uuid:pk>/", views.show, name="show"),
    path("appointments/<uuid:pk>/record/", views.record, name="record"),
    path("appointments/<uuid:pk>/miss/", views.miss, name="miss"),
    path("appointments/<uuid:pk>/revise/", views.revise, name="revise"),
    path("appointments/<uuid:pk>/move/", views.move, name="move"),
    path("appointments/<uuid:pk>/cancel/", views.cancel, name="cancel"),
    path("appointments/<uuid:pk>/interpreter/", views.book_interpreter, name="book_interpreter"),
    path("appointments/<uuid:pk>/take-back/", views.take_back, name="take_back"),
]
