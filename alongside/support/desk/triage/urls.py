"""Addresses of the hub's queue."""

from django.urls import path

from alongside.core.pages import searches
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.arrivals.referrals.rules import tidy_reference
from alongside.support.desk.triage import views

app_name = "triage"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("search/", searches.leads_to(P.REFERRAL_QUEUE, "triage:queue", plain=tidy_reference), name="search"),
    path("counts/", views.counts, name="counts"),
    path("allocate/", views.allocate, name="allocate"),
    path("take/", views.take_many, name="take_many"),
    path("put-back/", views.put_back, name="put_back"),
    path("allocations/<uuid:pk>/undo/", views.undo, name="undo"),
    path("absences/<uuid:pk>/hand-back/", views.hand_back, name="hand_back"),
    path("wallboard/", views.wallboard, name="wallboard"),
    path("wallboard/put-up/", views.put_on_wall, name="put_on_wall"),
    path("views/", views.saved_views, name="saved_views"),
    path("views/save/", views.save_view, name="save_view"),
    path("views/open-on/", views.open_on, name="open_on"),
    path("views/<uuid:pk>/rename/", views.rename_view, name="rename_view"),
    path("views/<uuid:pk>/delete/", views.delete_view, name="delete_view"),
]
