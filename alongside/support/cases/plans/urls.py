"""Addresses of plans, for providers; the plan itself is a page of casework."""

from django.urls import path

from alongside.support.cases.plans import views

app_name = "plans"
urlpatterns = [
    path("cases/<uuid:pk>/plan/score/", views.score, name="score"),
    path("cases/<uuid:pk>/plan/look-over/", views.look_over, name="look_over"),
    path("cases/<uuid:pk>/plan/take-over/", views.take_over, name="take_over"),
    path("cases/<uuid:pk>/plan/give/", views.give, name="give"),
    path("plans/<uuid:pk>/", views.given, name="given"),
    path("plans/<uuid:pk>/print/", views.print_out, name="print_out"),
    path("plans/<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
]
