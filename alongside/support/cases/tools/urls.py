"""Addresses of outcome tools. Those of the public are neutral: no word in them says what they are about."""

from django.urls import path

from alongside.support.cases.tools import office, pages, views

app_name = "tools"
urlpatterns = [
    path("page/few/now/", pages.answer, name="answer"),
    path("page/few/<str:token>/", pages.open_link, name="open_link"),
    path("casework/cases/<uuid:pk>/questions/", views.phone, name="phone"),
    path("casework/cases/<uuid:pk>/questions/drawn/", views.drawn, name="drawn"),
    path("casework/cases/<uuid:pk>/questions/stop/", views.stop, name="stop"),
    path("casework/sheets/<str:code>/", views.sheet, name="sheet"),
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
