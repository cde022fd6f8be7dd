"""The page on which somebody at the hub takes down a referral, and what to say to whoever does not agree."""

from uuid import UUID, uuid4

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from alongside.core import clocks
from alongside.core.access.declare import access, actor_of
from alongside.core.errors import RuleBroken
from alongside.core.pages import drafts
from alongside.core.pages.acts import refuse
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.arrivals.incoming import actions, forms, presenters

FORM = "incoming.take_down"
KEPT = "Kept, and you are their point of contact. Look below whether they are known already."


@access(P.REFERRAL_TRIAGE)
def take_down(request: HttpRequest) -> HttpResponse:
    """Takes a referral down while somebody is on the line. What was typed is kept as it is typed."""
    by, now = actor_of(request), timezone.now()
    name, on = drafts.form_name(FORM, by.user_id or UUID(int=0)), clocks.london_date(now)
    kept = drafts.restore(name, by=by, at=now) if request.method == "GET" else None
    posted = request.POST if request.method == "POST" else None
    form = forms.TakeDown(posted, on=on, initial=drafts.initial(forms.TakeDown, kept))
    if posted and posted.get("consent") == "no":
        drafts.drop(name, by=by)
        return redirect("incoming:not_agreed")
    if form.is_valid() and (found := _kept(request, form)):
        drafts.drop(name, by=by)
        flash.success(request, KEPT)
        return redirect("assessment:danger" if form.cleaned_data["danger"] == "yes" else "referrals:show", pk=found)
    token = request.POST.get("token") or uuid4()
    return render(request, "incoming/take_down.html", presenters.take_down(form, token, kept, name, on))


def _kept(request: HttpRequest, form: forms.TakeDown) -> UUID | None:
    """Keeps it under the page's token, so that a second press keeps nothing."""
    try:
        token = UUID(request.POST.get("token", ""))
    except ValueError:
        token = uuid4()
    try:
        return actions.take_down(form.cleaned_data, by=actor_of(request), at=timezone.now(), token=token).pk
    except RuleBroken as broken:
        refuse(form, broken)
        return None


@access(P.REFERRAL_TRIAGE)
def not_agreed(request: HttpRequest) -> HttpResponse:
    """What can still be done for somebody who does not agree. Nothing of them is kept."""
    return render(request, "incoming/not_agreed.html", {"own_way": request.build_absolute_uri(reverse("intake:start"))})
