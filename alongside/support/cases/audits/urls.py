"""Addresses of audits."""

from django.urls import path

from alongside.support.cases.audits import views

app_name = "audits"
urlpatterns = [
    path("audits/", views.audits, name="audits"),
    path("audits/draw/", views.draw, name="draw"),
    path("audits/mine/", views.mine, name="mine"),
    path("audits/<uuid:pk>/", views.show, name="show"),
    path("audits/<uuid:pk>/finish/", views.finish, name="finish"),
    path("audits/<uuid:pk>/download/", views.download, name="download"),
    path("audited/<uuid:pk>/", views.item, name="item"),
    path("audited/<uuid:pk>/judge/", views.judge, name="judge"),
    path("audited/<uuid:pk>/ask/", views.ask, name="ask"),
    path("audited/<uuid:pk>/case/", views.open_case, name="open_case"),
]
