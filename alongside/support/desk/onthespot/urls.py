"""Addresses of events. What a phone keeps lies under `spot/` alone: nothing else of the product is within its reach."""

from django.urls import path

from alongside.support.desk.onthespot import views

app_name = "onthespot"
urlpatterns = [
    path("spot/", views.shell, name="shell"),
    path("spot/worker.js", views.worker, name="worker"),
    path("spot/send/", views.send, name="send"),
    path("spot/give-back/", views.give_back, name="give_back"),
    path("on-the-spot/", views.today, name="today"),
    path("on-the-spot/<uuid:pk>/phone/", views.phone, name="phone"),
    path("events/", views.occasions, name="occasions"),
    path("events/set-up/", views.set_up, name="set_up"),
    path("events/<uuid:pk>/", views.occasion, name="occasion"),
    path("events/<uuid:pk>/change/", views.change, name="change"),
    path("events/<uuid:pk>/take/", views.take, name="take"),
    path("events/phones/<uuid:pk>/stop/", views.stop_phone, name="stop_phone"),
    path("events/entries/<uuid:pk>/", views.mend, name="mend"),
    path("events/entries/<uuid:pk>/set-aside/", views.set_aside, name="set_aside"),
    path("events/entries/<uuid:pk>/try-again/", views.try_again, name="try_again"),
]
