"""Signing in and out, and second factors: allauth's views, with what this product adds to them."""

from typing import Any

from allauth.account.views import LoginView, LogoutView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from alongside.core.access.declare import Open, access
from alongside.core.pages import errors
from alongside.foundation.accounts import queries
from alongside.foundation.accounts.adapter import ENDED, SECOND_FACTOR


class SignIn(LoginView):
    """Weighs a few passwords at a time: each is made to cost much, so that guessing does."""

    def get_context_data(self, **words: Any) -> dict[str, Any]:
        return {**super().get_context_data(**words), "ended": self.request.session.get(ENDED)}

    def post(self, request: HttpRequest, *args: Any, **words: Any) -> HttpResponse:
        if not queries.turn_to_weigh():
            return errors.page(429, retry_after=2)
        response: HttpResponse = super().post(request, *args, **words)
        return response


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


class DeactivateTotp(DeactivateTOTPView):
    """Without a factor left, the session has none."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        return _still_factored(self.request, response)


class RemovePasskey(RemoveWebAuthnView):
    """Without a factor left, the session has none."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        return _still_factored(self.request, response)


def _still_factored(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    request.session[SECOND_FACTOR] = request.session[SECOND_FACTOR] and is_mfa_enabled(request.user)
    return response


@access(Open.SIGN_IN)
def sign_up(request: HttpRequest) -> HttpResponse:
    """There is no open sign-up; says how an account begins."""
    return render(request, "account/signup_closed.html")


sign_in = SignIn.as_view()
sign_out = SignOut.as_view()
deactivate_totp = DeactivateTotp.as_view()
remove_webauthn = RemovePasskey.as_view()
activate_totp = ActivateTotp.as_view()
add_webauthn = AddPasskey.as_view()
