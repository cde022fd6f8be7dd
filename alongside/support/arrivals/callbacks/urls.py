"""Addresses of asking to be called. No word in them says what the page is about."""

from django.urls import path

from alongside.support.arrivals.callbacks import views

app_name = "callbacks"
urlpatterns = [
    path("support/call/", views.start, name="start"),
    path("support/call/now/", views.stop, name="stop"),
    path("support/call/when/", views.ask, name="ask"),
    path("support/call/kept/", views.asked, name="asked"),
    path("support/return/call/", views.again, name="again"),
]
