"""Addresses of transfers. None holds an identity."""

from django.urls import path

from alongside.support.cases.transfers import views

app_name = "transfers"
urlpatterns = [
    path("casework/cases/<uuid:pk>/transfer/", views.offer, name="offer"),
    path("casework/cases/<uuid:pk>/transfer/sent/", views.sent, name="sent"),
    path("casework/cases/<uuid:pk>/transfer/start-from/", views.start_from, name="start_from"),
    path("casework/closed-services/", views.closed_services, name="closed_services"),
    path("casework/transfers/", views.incoming, name="incoming"),
    path("casework/transfers/<uuid:pk>/", views.show, name="show"),
    path("casework/transfers/<uuid:pk>/accept/", views.accept, name="accept"),
    path("casework/transfers/<uuid:pk>/decline/", views.decline, name="decline"),
    path("casework/transfers/<uuid:pk>/take-back/", views.take_back, name="take_back"),
]
