"""Addresses of learning notes."""

from django.urls import path

from alongside.support.cases.lessons import views

app_name = "lessons"
urlpatterns = [
    path("casework/learning/", views.learning, name="learning"),
    path("casework/learning/note/", views.note, name="note"),
    path("casework/learning/download/", views.download, name="download"),
    path("casework/learning/<uuid:pk>/act-on/", views.act_on, name="act_on"),
    path("casework/learning/<uuid:pk>/take-up-again/", views.take_up_again, name="take_up_again"),
]
