"""Addresses of supervision."""

from django.urls import path

from alongside.support.cases.supervision import views

app_name = "supervision"
urlpatterns = [
    path("supervision/", views.mine, name="mine"),
    path("supervision/arrange/", views.arrange, name="arrange"),
    path("supervision/report/", views.report, name="report"),
    path("supervision/report/download/", views.download, name="download"),
    path("supervision/<uuid:pk>/", views.show, name="show"),
    path("supervision/<uuid:pk>/second/", views.name_second, name="name_second"),
    path("supervision/<uuid:pk>/write/", views.write, name="write"),
    path("supervision/notes/<uuid:pk>/", views.meeting, name="meeting"),
    path("supervision/notes/<uuid:pk>/change/", views.change, name="change"),
    path("supervision/notes/<uuid:pk>/talk/", views.talk, name="talk"),
    path("supervision/notes/<uuid:pk>/decide/", views.decide, name="decide"),
    path("supervision/notes/<uuid:pk>/amend/", views.amend, name="amend"),
    path("supervision/notes/<uuid:pk>/sign/", views.sign, name="sign"),
    path("supervision/agreed/<uuid:pk>/finish/", views.finish, name="finish"),
]
