"""Addresses of proposals, for staff."""

from django.urls import path

from alongside.foundation.local.proposals import views

app_name = "proposals"
urlpatterns = [
    path("", views.proposals, name="proposals"),
    path("new/", views.new, name="new"),
    path("of/<uuid:pk>/begin/", views.begin, name="begin"),
    path("of/<uuid:pk>/history/", views.history, name="history"),
    path("<uuid:pk>/", views.show, name="show"),
    path("<uuid:pk>/section/<slug:code>/", views.section, name="section"),
    path("<uuid:pk>/part/<slug:name>/", views.part, name="add_part"),
    path("<uuid:pk>/part/<slug:name>/<int:index>/", views.part, name="part"),
    path("<uuid:pk>/part/<slug:name>/<int:index>/remove/", views.remove_part, name="remove_part"),
    path("<uuid:pk>/send/", views.send, name="send"),
    path("<uuid:pk>/agree/", views.agree, name="agree"),
    path("<uuid:pk>/give-back/", views.give_back, name="give_back"),
    path("<uuid:pk>/move/", views.move, name="move"),
]
