"""Signing in and out, and second factors: allauth's views, with what this product adds to them."""

from typing import Any

from allauth.account.views import LoginView, LogoutView
from allauth.mfa.base.views import IndexView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View

from alongside.core.access.declare import Open, access, actor_of
from alongside.core.pages import errors
from alongside.foundation.office.accounts import actions, queries
from alongside.foundation.office.accounts.adapter import ENDED, sessions_at_once
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.accounts.queries import PASSKEY, SECOND_FACTOR
from alongside.foundation.office.accounts.rules import browser_words


class SignIn(LoginView):
    """Weighs a few passwords at a time: each is made to cost much, so that guessing does."""

    def get_context_data(self, **words: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**words),
            "ended": self.request.session.get(ENDED),
            "timed_out": self.request.session.get(queries.TIMED_OUT),
        }

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


class Factors(IndexView):
    """The second factors of a person, and whether they need another."""

    def get_context_data(self, **words: Any) -> dict[str, Any]:
        return {**super().get_context_data(**words), "needs_passkey": queries.code_will_not_do(self.request)}


class ActivateTotp(ActivateTOTPView):
    """Setting up a code app proves that the person holds it, in this session."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        self.request.session[SECOND_FACTOR] = True
        _leave_elsewhere(self.request)
        return response


class ByPasskey(View):
    """Where a passkey is needed, a session that showed a code alone neither adds one to others nor removes one."""

    def dispatch(self, request: HttpRequest, *args: Any, **words: Any) -> HttpResponseBase:
        user = request.user
        if isinstance(user, User) and queries.code_will_not_do(request) and queries.has_passkey(user):
            flash.error(request, "Sign in with your passkey first: your role asks for more than a code.")
            return redirect("mfa_index")
        return super().dispatch(request, *args, **words)


class AddPasskey(ByPasskey, AddWebAuthnView):
    """Adding a passkey proves that the person holds it, in this session."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        self.request.session.update({SECOND_FACTOR: True, PASSKEY: True})
        _leave_elsewhere(self.request)
        return response


class DeactivateTotp(DeactivateTOTPView):
    """Without a factor left, the session has none."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        return _still_factored(self.request, response)


class RemovePasskey(ByPasskey, RemoveWebAuthnView):
    """Without a factor left, the session has none."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        return _still_factored(self.request, response)


def _leave_elsewhere(request: HttpRequest) -> None:
    """A second factor was changed: whoever is signed in as this person anywhere else must show it again."""
    user = request.user
    assert isinstance(user, User)
    kept = request.session.session_key or ""
    actions.end_other_sessions(user, kept=kept, by=actor_of(request), at=timezone.now())


def _still_factored(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    _leave_elsewhere(request)
    user = request.user
    assert isinstance(user, User)
    request.session[SECOND_FACTOR] = request.session[SECOND_FACTOR] and is_mfa_enabled(user)
    request.session[PASSKEY] = request.session.get(PASSKEY, False) and queries.has_passkey(user)
    return response


class Sessions(ListUserSessionsView):
    """Where the person is signed in, in words, and in how many places they may be."""

    def get_context_data(self, **words: Any) -> dict[str, Any]:
        user = self.request.user
        assert isinstance(user, User)
        return {**super().get_context_data(**words), "browser": browser_words, "most": sessions_at_once(user)}


@access(Open.SIGN_IN)
def sign_up(request: HttpRequest) -> HttpResponse:
    """There is no open sign-up; says how an account begins."""
    return render(request, "account/signup_closed.html")


sign_in = SignIn.as_view()
factors = Factors.as_view()
sessions = Sessions.as_view()
sign_out = SignOut.as_view()
deactivate_totp = DeactivateTotp.as_view()
remove_webauthn = RemovePasskey.as_view()
activate_totp = ActivateTotp.as_view()
add_webauthn = AddPasskey.as_view()
