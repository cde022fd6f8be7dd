"""The officer's page, without a login: it arrives by a link, opens with their reference, and may be answered."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from alongside.core import clocks
from alongside.core.access.declare import Open, access, actor_of
from alongside.core.errors import RuleBroken
from alongside.core.pages.acts import did, tried
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.replies import actions, forms, presenters, queries, rules
from alongside.support.arrivals.replies.models import Reply

COOKIE = "__Host-answer" if settings.SESSION_COOKIE_SECURE else "answer"
TWO = 2  # the link's secret and the browser's own


def _shut(response: HttpResponse) -> HttpResponse:
    """Nothing of the page is kept, found by a search engine, or told to another site. To our own the browser must say
    where a form was sent from, or it would be refused as forged.
    """
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _hold(response: HttpResponse, *secrets: str) -> HttpResponse:
    response.set_cookie(COOKIE, "~".join(secrets), httponly=True, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")
    return _shut(response)


def _held(request: HttpRequest) -> list[str]:
    return request.COOKIES.get(COOKIE, "").split("~")


@access(Open.PUBLIC)
def arrive(request: HttpRequest, secret: str) -> HttpResponse:
    """The link of the notice. It opens nothing, so that a scanner of mail which follows it spends nothing; the secret
    leaves the address at once.
    """
    return _hold(redirect("replies:open"), secret)


@access(Open.PUBLIC)
def open_(request: HttpRequest) -> HttpResponse:
    """Asks for the officer's own reference, and opens the page for this browser alone."""
    secret = _held(request)[0]
    if not secret:
        return _over(request)
    form = forms.Open(request.POST or None)
    if not form.is_valid():
        return _shut(render(request, "replies/open.html", {"form": form}))
    try:
        browser = actions.open_(secret, reference=form.cleaned_data["reference"], at=timezone.now())
    except RuleBroken:
        return _over(request)
    if browser:
        return _hold(redirect("replies:read"), secret, browser)
    form.add_error("reference", actions.WRONG)
    return _shut(render(request, "replies/open.html", {"form": form}))


def _over(request: HttpRequest) -> HttpResponse:
    """One page for a link that is unknown, over, opened elsewhere or tried too often: it says nothing of which."""
    return _shut(render(request, "replies/over.html", status=410))


@access(Open.PUBLIC)
def read(request: HttpRequest) -> HttpResponse:
    """What may go back, and nothing else; the missing piece can be answered."""
    at, held = timezone.now(), _held(request)
    reply = actions.opened(*held, at=at) if len(held) == TWO else None
    if reply is None:
        return _over(request)
    form = forms.Answer(request.POST or None, asks=reply.asks)
    acted = form.is_valid() and did(form, lambda: actions.answer(reply, at=at, said=form.cleaned_data))
    if acted:
        return _shut(redirect("replies:read"))
    return _shut(render(request, "replies/read.html", _words(reply, form)))


def _words(reply: Reply, form: forms.Answer) -> dict[str, object]:
    """All that the page is given, for the officer and for the preview alike."""
    return {"page": queries.page(reply, clocks.london_date(timezone.now())), "form": form, "preview": None}


# The hub.


@access(P.REFERRAL_TRIAGE, of=Reply)
def preview(request: HttpRequest, reply: Reply) -> HttpResponse:
    """Precisely the officer's page, as they read it."""
    words = _words(reply, forms.Answer(asks=reply.asks))
    return render(request, "replies/read.html", {**words, "preview": reply})


@access(P.REFERRAL_TRIAGE, of=Referral)
def tell(request: HttpRequest, referral: Referral) -> HttpResponse:
    """What the officer would read of a referral now, and the button that writes to them."""
    at = timezone.now()
    if request.method == "POST":
        by = actor_of(request)
        tried(request, lambda: actions.tell(referral, by=by, at=at), "The officer is written to.")
        return redirect("replies:tell", pk=referral.pk)
    shares = queries.shares_with(referral)
    word = rules.word(queries.standing_of(referral), shares=shares)
    would = Reply(word=word, made_at=at, asks=Reply.Asks.NOTHING)
    made = [(one, presenters.told(one)) for one in queries.of_referral(referral)]
    return render(request, "replies/tell.html", {
        "referral": referral, "page": queries.page(would, clocks.london_date(at)), "made": made, "shares": shares,
    })  # fmt: skip
