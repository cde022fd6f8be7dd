"""Addresses of pathways, for staff."""

from django.urls import path

from alongside.foundation.local.pathways import views

app_name = "pathways"
urlpatterns = [
    path("", views.pathways, name="pathways"),
    path("compare/", views.compare, name="compare"),
    path("leads/", views.leads, name="leads"),
    path("leads/new/", views.put_on, name="put_on"),
    path("leads/<uuid:pk>/", views.change, name="change"),
    path("leads/<uuid:pk>/confirm/", views.confirm, name="confirm"),
    path("leads/<uuid:pk>/take-off/", views.take_off, name="take_off"),
    path("drafts/<uuid:pk>/", views.preview, name="preview"),
    path("drafts/<uuid:pk>/publish/", views.publish, name="publish"),
    path("drafts/<uuid:pk>/drop/", views.drop, name="drop"),
    path("on/<str:code>/", views.show, name="show"),
    path("on/<str:code>/write/", views.write, name="write"),
    path("on/<str:code>/history/", views.history, name="history"),
    path("on/<str:code>/undo/", views.undo, name="undo"),
]
