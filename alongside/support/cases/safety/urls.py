"""Addresses of safety plans."""

from django.urls import path

from alongside.support.cases.safety import views

app_name = "safety"
urlpatterns = [
    path("casework/cases/<uuid:pk>/safe/", views.plan, name="plan"),
    path("casework/cases/<uuid:pk>/safe/before/", views.history, name="history"),
    path("casework/cases/<uuid:pk>/safe/add/", views.add, name="add"),
    path("casework/cases/<uuid:pk>/safe/gone-through/", views.review, name="review"),
    path("casework/cases/<uuid:pk>/safe/on-paper/", views.print_out, name="print_out"),
    path("casework/safe/<uuid:pk>/revise/", views.revise, name="revise"),
    path("casework/safe/<uuid:pk>/mark/", views.mark, name="mark"),
    path("casework/safe/<uuid:pk>/take-out/", views.take_out, name="take_out"),
    path("casework/list/<uuid:pk>/", views.paper, name="paper"),
]
