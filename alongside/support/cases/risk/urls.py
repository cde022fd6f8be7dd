"""Addresses of risk. Those of a case say nothing: no word in them tells what is looked at."""

from django.urls import path

from alongside.support.cases.risk import office, views

app_name = "risk"
urlpatterns = [
    path("casework/cases/<uuid:pk>/reviews/", views.history, name="history"),
    path("casework/cases/<uuid:pk>/reviews/begin/", views.begin, name="begin"),
    path("casework/cases/<uuid:pk>/reviews/side-by-side/", views.compare, name="compare"),
    path("casework/reviews/<uuid:pk>/", views.show, name="show"),
    path("casework/reviews/<uuid:pk>/ask/", views.sit, name="sit"),
    path("casework/reviews/<uuid:pk>/finish/", views.finish, name="finish"),
    path("casework/reviews/<uuid:pk>/throw-away/", views.throw_away, name="throw_away"),
    path("casework/to-see/", views.alerts, name="alerts"),
    path("casework/to-see/<uuid:pk>/seen/", views.see, name="see"),
    path("casework/to-see/<uuid:pk>/seen-answer/", views.see_answer, name="see_answer"),
    path("casework/to-see/<uuid:pk>/", views.answer, name="answer"),
    path("question-sets/", office.sets, name="sets"),
    path("question-sets/new/", office.start, name="start"),
    path("question-sets/on/<str:code>/", office.show_set, name="show_set"),
    path("question-sets/on/<str:code>/history/", office.past, name="past"),
    path("question-sets/on/<str:code>/begin/", office.begin_draft, name="begin_draft"),
    path("question-sets/drafts/<uuid:pk>/", office.draft, name="draft"),
    path("question-sets/drafts/<uuid:pk>/settle/", office.settle, name="settle"),
    path("question-sets/drafts/<uuid:pk>/questions/new/", office.put_in, name="put_in"),
    path("question-sets/drafts/<uuid:pk>/questions/<str:code>/", office.reword, name="reword"),
    path("question-sets/drafts/<uuid:pk>/move/", office.move, name="move"),
    path("question-sets/drafts/<uuid:pk>/take-out/", office.take_out, name="take_out"),
    path("question-sets/drafts/<uuid:pk>/preview/", office.preview, name="preview"),
    path("question-sets/drafts/<uuid:pk>/publish/", office.publish, name="publish"),
    path("question-sets/drafts/<uuid:pk>/drop/", office.drop, name="drop"),
]
