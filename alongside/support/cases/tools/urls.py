"""Addresses of outcome tools."""

from django.urls import path

from alongside.support.cases.tools import office

app_name = "tools"
urlpatterns = [
    path("outcome-tools/", office.tools, name="tools"),
    path("outcome-tools/new/", office.start, name="start"),
    path("outcome-tools/on/<str:code>/", office.show_tool, name="show_tool"),
    path("outcome-tools/on/<str:code>/history/", office.past, name="past"),
    path("outcome-tools/on/<str:code>/begin/", office.begin_draft, name="begin_draft"),
    path("outcome-tools/drafts/<uuid:pk>/", office.draft, name="draft"),
    path("outcome-tools/drafts/<uuid:pk>/settle/", office.settle, name="settle"),
    path("outcome-tools/drafts/<uuid:pk>/questions/new/", office.put_in, name="put_in"),
    path("outcome-tools/drafts/<uuid:pk>/questions/<str:code>/", office.reword, name="reword"),
    path("outcome-tools/drafts/<uuid:pk>/move/", office.move, name="move"),
    path("outcome-tools/drafts/<uuid:pk>/take-out/", office.take_out, name="take_out"),
    path("outcome-tools/drafts/<uuid:pk>/preview/", office.preview, name="preview"),
    path("outcome-tools/drafts/<uuid:pk>/publish/", office.publish, name="publish"),
    path("outcome-tools/drafts/<uuid:pk>/drop/", office.drop, name="drop"),
]
