"""Addresses of the catalogue, for the office and for a provider's own figures."""

from django.urls import path

from alongside.commissioning.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("measures/", views.measures, name="measures"),
    path("measures/counting-rules/", views.counting_rules, name="counting_rules"),
    path("measures/snapshots/", views.snapshots, name="snapshots"),
    path("measures/snapshots/make/", views.make_snapshot, name="make_snapshot"),
    path("measures/snapshots/<slug:code>/keep/", views.keep_snapshot, name="keep_snapshot"),
    path("measures/export/", views.export, name="export"),
    path("measures/<slug:name>/", views.measure, name="measure"),
    path("measures/<slug:name>/chart.svg", views.chart, name="chart"),
    path("measures/<slug:name>/changed/<str:asked>/", views.changed, name="changed"),
    path("own-figures/measures/", views.own_measures, name="own_measures"),
    path("own-figures/measures/counting-rules/", views.own_counting_rules, name="own_counting_rules"),
    path("own-figures/measures/<slug:name>/", views.own_measure, name="own_measure"),
    path("own-figures/measures/<slug:name>/chart.svg", views.own_chart, name="own_chart"),
    path("own-figures/measures/<slug:name>/changed/<str:asked>/", views.own_changed, name="own_changed"),
]
