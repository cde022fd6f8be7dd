"""Addresses of the directory for other systems: those of Open Referral UK 3.0, as it writes them."""

from django.urls import path

from alongside.foundation.local.exchange import api

app_name = "exchange"
urlpatterns = [
    path("", api.root, name="root"),
    path("services", api.services, name="services"),
    path("services/<str:key>", api.service, name="service"),
    path("service_at_locations", api.places, name="places"),
    path("service_at_locations/<str:key>", api.place, name="place"),
    path("organizations", api.organisations, name="organisations"),
    path("organizations/<str:key>", api.organisation, name="organisation"),
    path("taxonomies", api.taxonomies, name="taxonomies"),
    path("taxonomies/<str:key>", api.taxonomy, name="taxonomy"),
    path("taxonomy_terms", api.terms, name="terms"),
    path("taxonomy_terms/<str:key>", api.term, name="term"),
]
