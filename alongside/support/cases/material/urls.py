"""Addresses of requests for records. None holds an identity."""

from django.urls import path

from alongside.support.cases.material import views

app_name = "material"
urlpatterns = [
    path("requests/", views.register, name="register"),
    path("requests/download/", views.download, name="download"),
    path("cases/<uuid:pk>/requests/", views.show, name="show"),
    path("cases/<uuid:pk>/requests/take-down/", views.take_down, name="take_down"),
    path("requests/<uuid:pk>/ask-back/", views.ask_back, name="ask_back"),
    path("requests/<uuid:pk>/complete/", views.complete, name="complete"),
    path("requests/<uuid:pk>/hear/", views.hear, name="hear"),
    path("requests/<uuid:pk>/decide/", views.decide, name="decide"),
    path("requests/<uuid:pk>/approve/", views.approve, name="approve"),
    path("requests/<uuid:pk>/send-back/", views.send_back, name="send_back"),
    path("requests/<uuid:pk>/take-back/", views.take_back, name="take_back"),
]
