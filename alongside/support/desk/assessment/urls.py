"""Addresses of the first assessment and of Enhanced Rights."""

from django.urls import path

from alongside.support.desk.assessment import views

app_name = "assessment"
urlpatterns = [
    path("<uuid:pk>/assess/", views.assess, name="assess"),
    path("<uuid:pk>/danger/", views.danger, name="danger"),
    path("<uuid:pk>/assessments/", views.history, name="history"),
    path("<uuid:pk>/rights/", views.decide, name="decide"),
    path("assessments/<uuid:pk>/", views.show, name="show"),
    path("assessments/<uuid:pk>/print/", views.print_out, name="print_out"),
    path("heard/<uuid:pk>/take/", views.take_heard, name="take_heard"),
    path("heard/<uuid:pk>/leave/", views.leave_heard, name="leave_heard"),
    path("danger/<uuid:pk>/take/", views.take_alarm, name="take_alarm"),
    path("danger/", views.alarms, name="alarms"),
    path("rights/", views.reviews, name="reviews"),
]
