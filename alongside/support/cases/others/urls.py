"""Addresses of the other party. None says of whom."""

from django.urls import path

from alongside.support.cases.others import views

app_name = "others"
urlpatterns = [
    path("cases/<uuid:pk>/people/other/add/", views.add, name="add"),
    path("cases/<uuid:pk>/people/conflicts/", views.clashes, name="clashes"),
    path("others/<uuid:pk>/", views.other_party, name="other_party"),
    path("others/<uuid:pk>/open/", views.open_party, name="open_party"),
    path("others/<uuid:pk>/revise/", views.revise, name="revise"),
    path("others/<uuid:pk>/remove/", views.remove, name="remove"),
    path("others/<uuid:pk>/conditions/add/", views.add_condition, name="add_condition"),
    path("conditions/<uuid:pk>/end/", views.end_condition, name="end_condition"),
    path("conflicts/<uuid:pk>/settle/", views.settle, name="settle"),
]
