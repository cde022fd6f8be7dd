"""Addresses of waiting lists. None holds an identity."""

from django.urls import path

from alongside.core.pages import searches
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.arrivals.referrals.rules import tidy_reference
from alongside.support.cases.waiting import views

app_name = "waiting"
urlpatterns = [
    path("", views.lists, name="lists"),
    path("set-up/", views.set_up, name="set_up"),
    path("lists/<uuid:pk>/", views.show, name="show"),
    path(
        "lists/<uuid:pk>/search/", searches.leads_to(P.CASE_WORK, "waiting:show", plain=tidy_reference), name="search"
    ),
    path("lists/<uuid:pk>/download/", views.download, name="download"),
    path("lists/<uuid:pk>/revise/", views.revise, name="revise"),
    path("lists/<uuid:pk>/order/", views.rule, name="rule"),
    path("lists/<uuid:pk>/close/", views.close, name="close"),
    path("lists/<uuid:pk>/reopen/", views.reopen, name="reopen"),
    path("cases/<uuid:pk>/", views.case, name="case"),
    path("cases/<uuid:pk>/join/", views.join, name="join"),
    path("people/<uuid:pk>/pause/", views.pause, name="pause"),
    path("people/<uuid:pk>/resume/", views.resume, name="resume"),
    path("people/<uuid:pk>/review/", views.review, name="review"),
    path("people/<uuid:pk>/keep-in-touch/", views.keep_in_touch, name="keep_in_touch"),
    path("people/<uuid:pk>/offer/", views.offer, name="offer"),
    path("people/<uuid:pk>/take-place/", views.take_place, name="take_place"),
    path("people/<uuid:pk>/decline-place/", views.decline_place, name="decline_place"),
    path("people/<uuid:pk>/take-back/", views.take_back, name="take_back"),
    path("people/<uuid:pk>/keep/", views.keep, name="keep"),
    path("people/<uuid:pk>/move/", views.move, name="move"),
    path("people/<uuid:pk>/leave/", views.leave, name="leave"),
    path("people/<uuid:pk>/finish/", views.finish, name="finish"),
]
