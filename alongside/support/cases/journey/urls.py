"""Addresses of victims' own pages. Those of the public are neutral: no word in them says what the page is about."""

from django.urls import path

from alongside.support.cases.journey import pages, views

app_name = "journey"
urlpatterns = [
    path("page/", pages.enter, name="enter"),
    path("page/link/<str:token>/", pages.open_link, name="open_link"),
    path("page/now/", pages.show, name="show"),
    path("page/say/", pages.say, name="say"),
    path("page/ask/", pages.ask, name="ask"),
    path("page/change/", pages.change, name="change"),
    path("page/not-right/", pages.complain, name="complain"),
    path("page/stop/", pages.stop, name="stop"),
    path("page/how-was-it/", pages.answer, name="answer"),
    path("page/told/<slug:verb>/", pages.told, name="told"),
    path("page/finish/", pages.finish, name="finish"),
    path("page/ended/", pages.ended, name="ended"),
    path("casework/cases/<uuid:pk>/own-page/", views.page, name="page"),
    path("casework/cases/<uuid:pk>/own-page/set-up/", views.set_up, name="set_up"),
    path("casework/cases/<uuid:pk>/own-page/turn-on/", views.turn_on, name="turn_on"),
    path("casework/cases/<uuid:pk>/own-page/turn-off/", views.turn_off, name="turn_off"),
    path("casework/cases/<uuid:pk>/own-page/words/", views.give_phrase, name="give_phrase"),
    path("casework/cases/<uuid:pk>/own-page/stop/", views.stop_ways, name="stop_ways"),
    path("casework/cases/<uuid:pk>/own-page/link/", views.send_link, name="send_link"),
    path("casework/cases/<uuid:pk>/own-page/how-was-it/", views.invite, name="invite"),
    path("casework/cases/<uuid:pk>/own-page/heeded/", views.heed, name="heed"),
    path("casework/own-page/<uuid:pk>/read/", views.read, name="read"),
    path("casework/heard/", views.heard, name="heard"),
    path("casework/heard/<uuid:pk>/", views.voice, name="voice"),
    path("casework/heard/<uuid:pk>/take/", views.take, name="take"),
]
