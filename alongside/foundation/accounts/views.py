"""Signing out, and setting up a second factor: allauth's views, with what this product adds to them."""

from typing import Any

from allauth.account.views import LogoutView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from alongside.core.access.declare import Open, access
from alongside.foundation.accounts.adapter import SECOND_FACTOR


class SignOut(LogoutView):
    """Signs out, and asks the browser to forget everything that it kept."""

    def post(self, request: HttpRequest, *args: Any, **words: Any) -> HttpResponse:
        response: HttpResponse = super().post(request, *args, **words)
        response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        return response


class ActivateTotp(ActivateTOTPView):
    """Setting up a code app proves that the person holds it, in this session."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        self.request.session[SECOND_FACTOR] = True
        return response


class AddPasskey(AddWebAuthnView):
    """Adding a passkey proves that the person holds it, in this session."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        self.request.session[SECOND_FACTOR] = True
        return response


@access(Open.SIGN_IN)
def sign_up(request: HttpRequest) -> HttpResponse:
    """There is no open sign-up; says how an account begins."""
    return render(request, "account/signup_closed.html")


sign_out = SignOut.as_view()
activate_totp = ActivateTotp.as_view()
add_webauthn = AddPasskey.as_view()
