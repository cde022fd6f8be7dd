"""Addresses of return templates."""

from django.urls import path

from alongside.commissioning.templates import views

app_name = "templates"
urlpatterns = [
    path("return-templates/", views.templates, name="templates"),
    path("return-templates/new/", views.start, name="start"),
    path("return-templates/on/<str:code>/", views.show_template, name="show_template"),
    path("return-templates/on/<str:code>/history/", views.past, name="past"),
    path("return-templates/on/<str:code>/begin/", views.begin_draft, name="begin_draft"),
    path("return-templates/drafts/<uuid:pk>/", views.draft, name="draft"),
    path("return-templates/drafts/<uuid:pk>/settle/", views.settle, name="settle"),
    path("return-templates/drafts/<uuid:pk>/sections/new/", views.head, name="head"),
    path("return-templates/drafts/<uuid:pk>/sections/<str:code>/", views.head_again, name="head_again"),
    path("return-templates/drafts/<uuid:pk>/questions/new/", views.choose_kind, name="choose_kind"),
    path("return-templates/drafts/<uuid:pk>/questions/new/<str:kind>/", views.put_in, name="put_in"),
    path("return-templates/drafts/<uuid:pk>/questions/<str:code>/", views.reword, name="reword"),
    path("return-templates/drafts/<uuid:pk>/checks/new/", views.put_check, name="put_check"),
    path("return-templates/drafts/<uuid:pk>/checks/take-out/", views.take_check, name="take_check"),
    path("return-templates/drafts/<uuid:pk>/move/", views.move, name="move"),
    path("return-templates/drafts/<uuid:pk>/take-out/", views.take_out, name="take_out"),
    path("return-templates/drafts/<uuid:pk>/publish/", views.publish, name="publish"),
    path("return-templates/drafts/<uuid:pk>/drop/", views.drop, name="drop"),
]
