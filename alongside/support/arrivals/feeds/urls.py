"""Addresses of feeds."""

from django.urls import path

from alongside.core.pages import searches
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.arrivals.feeds import views

app_name = "feeds"
urlpatterns = [
    path("", views.deliveries, name="deliveries"),
    path("load/", views.load, name="load"),
    path("loading/<uuid:pk>/", views.loading, name="loading"),
    path("loading/<uuid:pk>/try-again/", views.try_again, name="try_again"),
    path("loading/<uuid:pk>/give-up/", views.give_up, name="give_up"),
    path(
        "<uuid:pk>/search/",
        searches.leads_to(P.FEED_READ, "feeds:delivery", plain=searches.nothing),
        name="search_kept",
    ),
    path("<uuid:pk>/", views.delivery, name="delivery"),
    path("<uuid:pk>/kept-before/", views.kept_before, name="kept_before"),
    path("<uuid:pk>/rejected.csv", views.rejected, name="rejected"),
    path("rows/<uuid:pk>/take-new-details/", views.take_new_details, name="take_new_details"),
]
