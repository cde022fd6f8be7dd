"""What part somebody has in a crime, and another relative of whoever died."""

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from alongside.core import clocks
from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.pages.acts import did
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.desk.kinds import actions, forms, queries


@access(P.REFERRAL_TRIAGE, of=Referral)
def describe(request: HttpRequest, referral: Referral) -> HttpResponse:
    at, by = timezone.now(), actor_of(request)
    known = queries.known(referral, by=by)
    start = {"kind": known.kind, "relation": known.relation, "died": known.died, "side": known.side}
    form = forms.Describe(request.POST or None, on=clocks.london_date(at), initial=start)
    if form.is_valid() and did(form, lambda: actions.describe(referral, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "It is recorded.")
        return redirect("referrals:show", pk=referral.pk)
    note_looks(request, [referral.victim_id], fields="name")
    context = {"form": form, "referral": referral, "name": referral.victim.full_name}
    return render(request, "kinds/describe.html", context)


@access(P.REFERRAL_TRIAGE, of=Referral)
def add_relative(request: HttpRequest, referral: Referral) -> HttpResponse:
    at, by = timezone.now(), actor_of(request)
    form = forms.AddRelative(request.POST or None, on=clocks.london_date(at))
    if form.is_valid() and did(form, lambda: actions.add_relative(referral, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "They have a referral of their own in the queue. Ask how they can safely be reached.")
        return redirect("referrals:show", pk=referral.pk)
    note_looks(request, [referral.victim_id], fields="name")
    context = {"form": form, "referral": referral, "name": referral.victim.full_name}
    return render(request, "kinds/add_relative.html", context)
