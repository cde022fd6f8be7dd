"""Addresses of centres. Those of the public are neutral: no word in them says what the page is about."""

from django.urls import path

from alongside.support.desk.centres import views, visits

app_name = "centres"
urlpatterns = [
    path("r/<slug:code>/", visits.start, name="start"),
    path("r/step/<slug:step>/", visits.question, name="question"),
    path("r/send/check/", visits.send, name="send"),
    path("r/send/kept/", visits.sent, name="sent"),
    path("r/back/in/", visits.return_, name="return_"),
    path("r/back/now/", visits.standing, name="standing"),
    path("r/back/add/", visits.add, name="add"),
    path("centre/report/", views.make, name="make"),
    path("centre/handed/", views.made, name="made"),
    path("centre/reports/", views.own_reports, name="own_reports"),
    path("centres/", views.centres, name="centres"),
    path("centres/set-up/", views.set_up, name="set_up"),
    path("centres/<uuid:pk>/", views.centre, name="centre"),
    path("centres/<uuid:pk>/change/", views.change, name="change"),
    path("centres/<uuid:pk>/poster/", views.poster, name="poster"),
    path("centres/<uuid:pk>/renew-poster/", views.renew_poster, name="renew_poster"),
    path("centres/invite/<slug:code>/", views.invite, name="invite"),
    path("reports/", views.reports, name="reports"),
    path("reports/export/", views.export, name="export"),
    path("reports/<uuid:pk>/", views.report, name="report"),
    path("reports/<uuid:pk>/take/", views.take, name="take"),
    path("reports/<uuid:pk>/answer/", views.answer, name="answer"),
    path("reports/<uuid:pk>/pass-on/", views.pass_on, name="pass_on"),
    path("reports/<uuid:pk>/read-added/", views.read_added, name="read_added"),
]
