"""Addresses of the quarter page and of a provider's own figures."""

from django.urls import path

from alongside.commissioning.quarters import views

app_name = "quarters"
urlpatterns = [
    path("quarter/", views.quarter, name="quarter"),
    path("quarter/figure/", views.figure, name="figure"),
    path("quarter/figure/open-rows/", views.open_rows, name="open_rows"),
    path("quarter/figure/rows/", views.rows, name="rows"),
    path("quarter/<str:asked>/", views.quarter, name="quarter"),
    path("quarter/<str:asked>/export/", views.export, name="export"),
    path("quarter/<str:asked>/charts/<slug:name>.svg", views.chart, name="chart"),
    path("own-figures/", views.own, name="own"),
    path("own-figures/figure/", views.own_figure, name="own_figure"),
    path("own-figures/<str:asked>/", views.own, name="own"),
    path("own-figures/<str:asked>/charts/<slug:name>.svg", views.own_chart, name="own_chart"),
]
