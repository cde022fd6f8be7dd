"""Addresses of practical help: on a case, and the books of a fund, where nobody has a name."""

from django.urls import path

from alongside.support.cases.practical import views

app_name = "practical"
urlpatterns = [
    path("casework/cases/<uuid:pk>/practical-help/", views.helped, name="helped"),
    path("casework/cases/<uuid:pk>/practical-help/ask/", views.ask, name="ask"),
    path("casework/practical-help/", views.approvals, name="approvals"),
    path("casework/practical-help/<uuid:pk>/", views.asked, name="asked"),
    path("casework/practical-help/<uuid:pk>/approve/", views.approve, name="approve"),
    path("casework/practical-help/<uuid:pk>/refuse/", views.refuse, name="refuse"),
    path("casework/practical-help/<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("casework/practical-help/<uuid:pk>/pay/", views.pay, name="pay"),
    path("casework/practical-help/<uuid:pk>/receipt/", views.show_receipt, name="show_receipt"),
    path("casework/practical-help/<uuid:pk>/receipt/file/", views.receipt, name="receipt"),
    path("casework/practical-help/<uuid:pk>/give-back/", views.give_back, name="give_back"),
    path("funds/", views.funds, name="funds"),
    path("funds/open/", views.open_fund, name="open_fund"),
    path("funds/<uuid:pk>/", views.fund, name="fund"),
    path("funds/<uuid:pk>/revise/", views.revise, name="revise"),
    path("funds/<uuid:pk>/put-in/", views.put_in, name="put_in"),
    path("funds/<uuid:pk>/take-out/", views.take_out, name="take_out"),
    path("funds/<uuid:pk>/close/", views.close_fund, name="close_fund"),
    path("funds/<uuid:pk>/reconcile/", views.reconcile, name="reconcile"),
    path("funds/entries/<uuid:pk>/untick/", views.untick, name="untick"),
    path("funds/<uuid:pk>/download/", views.download, name="download"),
    path("funds/<uuid:pk>/year/<int:year>/", views.year, name="year"),
]
