"""Addresses of the rulebook. A row's code may hold a stroke, as offence codes do."""

from django.urls import path

from alongside.foundation.office.rulebook import views

app_name = "rulebook"
urlpatterns = [
    path("", views.books, name="books"),
    path("offences/", views.offences, name="offences"),
    path("offences/download/", views.download_offences, name="download_offences"),
    path("<slug:book>/", views.book, name="book"),
    path("<slug:book>/download/", views.download, name="download"),
    path("<slug:book>/add/", views.add, name="add"),
    path("<slug:book>/revise/<path:code>/", views.revise, name="revise"),
    path("<slug:book>/withdraw/<path:code>/", views.withdraw, name="withdraw"),
    path("<slug:book>/row/<path:code>/", views.rule, name="rule"),
]
