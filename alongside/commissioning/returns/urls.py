"""Addresses of returns, the office's and a provider's own."""

from django.urls import path

from alongside.commissioning.returns import office, views

app_name = "returns"
urlpatterns = [
    path("returns/", office.returns, name="returns"),
    path("returns/set-up/", office.arrangements, name="arrangements"),
    path("returns/set-up/new/", office.arrange, name="arrange"),
    path("returns/set-up/<uuid:pk>/", office.change, name="change"),
    path("returns/try/<uuid:pk>/", office.try_out, name="try_out"),
    path("returns/on/<uuid:pk>/", office.show_return, name="show_return"),
    path("returns/on/<uuid:pk>/ask/<str:code>/", office.ask_back, name="ask_back"),
    path("returns/on/<uuid:pk>/accept/", office.lock, name="lock"),
    path("returns/on/<uuid:pk>/open-again/", office.reopen, name="reopen"),
    path("returns/on/<uuid:pk>/export/", office.export, name="export"),
    path("returns/asked/<uuid:pk>/reply/", office.reply, name="reply"),
    path("returns/asked/<uuid:pk>/settle/", office.settle, name="settle"),
    path("returns/papers/<uuid:pk>/", office.paper, name="paper"),
    path("own-returns/", views.own_returns, name="own_returns"),
    path("own-returns/<uuid:pk>/", views.own_return, name="own_return"),
    path("own-returns/<uuid:pk>/fill-again/", views.fill_again, name="fill_again"),
    path("own-returns/<uuid:pk>/send/", views.send, name="send"),
    path("own-returns/<uuid:pk>/take-back/", views.take_back, name="take_back"),
    path("own-returns/<uuid:pk>/certify/", views.certify, name="certify"),
    path("own-returns/<uuid:pk>/export/", views.own_export, name="own_export"),
    path("own-returns/<uuid:pk>/sections/<str:code>/", views.write, name="write"),
    path("own-returns/asked/<uuid:pk>/reply/", views.own_reply, name="own_reply"),
    path("own-returns/papers/<uuid:pk>/", views.own_paper, name="own_paper"),
    path("own-returns/papers/<uuid:pk>/take-out/", views.take_out, name="take_out"),
]
