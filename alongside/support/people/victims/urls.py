"""Addresses of a person's own pages. None holds an identity."""

from django.urls import path

from alongside.support.people.victims import views

app_name = "victims"
urlpatterns = [
    path("messages/", views.outbox, name="outbox"),
    path("<uuid:pk>/", views.show, name="show"),
    path("<uuid:pk>/correct/", views.correct, name="correct"),
    path("<uuid:pk>/name-adult/", views.name_adult, name="name_adult"),
    path("<uuid:pk>/agree/", views.agree, name="agree"),
    path("agreements/<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<uuid:pk>/send/", views.send, name="send"),
    path("<uuid:pk>/state-basis/", views.state_basis, name="state_basis"),
    path("<uuid:pk>/add-point/", views.add_point, name="add_point"),
    path("points/<uuid:pk>/change-safety/", views.change_safety, name="change_safety"),
    path("points/<uuid:pk>/correct/", views.correct_point, name="correct_point"),
    path("points/<uuid:pk>/retire/", views.retire, name="retire"),
]
