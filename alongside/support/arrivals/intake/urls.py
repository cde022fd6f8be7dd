"""Addresses of intake. Those of the public are neutral: no word in them says what the page is about."""

from django.urls import path

from alongside.core.pages import searches
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.arrivals.intake import views
from alongside.support.arrivals.referrals.rules import tidy_reference

app_name = "intake"
urlpatterns = [
    path("support/", views.start, name="start"),
    path("support/step/<slug:step>/", views.question, name="question"),
    path("support/check/", views.send, name="send"),
    path("support/kept/", views.sent, name="sent"),
    path("support/finish/", views.finish, name="finish"),
    path("support/stay/", views.stay, name="stay"),
    path("support/ended/", views.ended, name="ended"),
    path("support/elsewhere/", views.elsewhere, name="elsewhere"),
    path("support/return/", views.return_, name="return_"),
    path("support/return/now/", views.standing, name="standing"),
    path("support/return/add/", views.add, name="add"),
    path("support/return/change/", views.change, name="change"),
    path("support/return/stop/", views.withdraw, name="withdraw"),
    path("support/return/told/<slug:verb>/", views.told, name="told"),
    path("leave/", views.leave, name="leave"),
    path("refer/", views.refer, name="refer"),
    path("refer/not-agreed/", views.not_agreed, name="not_agreed"),
    path("refer/documents/", views.enclose, name="enclose"),
    path("refer/documents/<uuid:pk>/take-out/", views.take_out, name="take_out"),
    path("refer/yours/", views.referred, name="referred"),
    path(
        "refer/yours/search/",
        searches.leads_to(P.REFERRAL_REFER, "intake:referred", plain=tidy_reference),
        name="search",
    ),
]
