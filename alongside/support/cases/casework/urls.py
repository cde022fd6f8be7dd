"""Addresses of casework. None holds an identity."""

from django.urls import path

from alongside.core.pages import searches
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.arrivals.referrals.rules import tidy_reference
from alongside.support.cases.casework import views

app_name = "casework"
urlpatterns = [
    path("offers/", views.offers, name="offers"),
    path("offers/<uuid:pk>/", views.offer, name="offer"),
    path("offers/<uuid:pk>/accept/", views.accept, name="accept"),
    path("offers/<uuid:pk>/decline/", views.decline, name="decline"),
    path("cases/", views.caseload, name="caseload"),
    path("cases/search/", searches.leads_to(P.CASE_READ, "casework:caseload", plain=tidy_reference), name="search"),
    path("cases/download/", views.download, name="download"),
    path("workers/", views.workers, name="workers"),
    path("workers/<uuid:pk>/set-limit/", views.set_limit, name="set_limit"),
    path("cases/<uuid:pk>/", views.show, name="show"),
    path("cases/<uuid:pk>/assign/", views.assign, name="assign"),
    path("cases/<uuid:pk>/take/", views.take, name="take"),
    path("cases/<uuid:pk>/cover/", views.cover, name="cover"),
    path("cases/<uuid:pk>/contacts/", views.contacts, name="contacts"),
    path("cases/<uuid:pk>/contacts/record/", views.record_contact, name="record_contact"),
    path("cases/<uuid:pk>/contacts/reveal/", views.reveal, name="reveal"),
    path("cases/<uuid:pk>/plan/", views.plan, name="plan"),
    path("cases/<uuid:pk>/plan/find-need/", views.find_need, name="find_need"),
    path("needs/<uuid:pk>/revise/", views.revise_need, name="revise_need"),
    path("needs/<uuid:pk>/settle/", views.settle_need, name="settle_need"),
    path("needs/<uuid:pk>/steps/", views.steps, name="steps"),
    path("needs/<uuid:pk>/add-step/", views.add_step, name="add_step"),
    path("steps/<uuid:pk>/revise/", views.revise_step, name="revise_step"),
    path("steps/<uuid:pk>/finish/", views.finish_step, name="finish_step"),
    path("cases/<uuid:pk>/outcomes/", views.outcomes, name="outcomes"),
    path("cases/<uuid:pk>/outcomes/assess/", views.assess, name="assess"),
    path("cases/<uuid:pk>/looks/", views.looks, name="looks"),
    path("cases/<uuid:pk>/print/", views.print_out, name="print_out"),
    path("cases/<uuid:pk>/reopen/", views.reopen, name="reopen"),
    path("cases/<uuid:pk>/correct-closing/", views.correct_closing, name="correct_closing"),
]
