"""Addresses of mending, under those of feeds."""

from django.urls import path

from alongside.core.pages import searches
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.arrivals.mending import views

app_name = "mending"
urlpatterns = [
    path("held/", views.held, name="held"),
    path("held/search/", searches.leads_to(P.FEED_READ, "mending:held", plain=searches.nothing), name="search_held"),
    path("held/settle/", views.settle_all, name="settle_all"),
    path("rows/<uuid:pk>/", views.row, name="row"),
    path("rows/<uuid:pk>/mend/", views.mend, name="mend"),
    path("rows/<uuid:pk>/release/", views.release, name="release"),
    path("rows/<uuid:pk>/send-back/", views.send_back, name="send_back"),
    path("rows/<uuid:pk>/set-aside/", views.set_aside, name="set_aside"),
    path("rows/<uuid:pk>/reopen/", views.reopen, name="reopen"),
]
