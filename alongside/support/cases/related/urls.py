"""Addresses of people around a case. None says of whom."""

from django.urls import path

from alongside.support.cases.related import views

app_name = "related"
urlpatterns = [
    path("cases/<uuid:pk>/people/", views.people, name="people"),
    path("cases/<uuid:pk>/people/before/", views.history, name="history"),
    path("cases/<uuid:pk>/people/relative/add/", views.add_relative, name="add_relative"),
    path("cases/<uuid:pk>/people/professional/add/", views.add_professional, name="add_professional"),
    path("relatives/<uuid:pk>/revise/", views.revise_relative, name="revise_relative"),
    path("relatives/<uuid:pk>/remove/", views.remove_relative, name="remove_relative"),
    path("relatives/<uuid:pk>/asked/", views.note_asked, name="note_asked"),
    path("professionals/<uuid:pk>/revise/", views.revise_professional, name="revise_professional"),
    path("professionals/<uuid:pk>/remove/", views.remove_professional, name="remove_professional"),
]
