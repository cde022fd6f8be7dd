"""The address of callers."""

from django.urls import path

from alongside.support.callers import views

app_name = "callers"
urlpatterns = [path("take-down/", views.take_down, name="take_down")]
