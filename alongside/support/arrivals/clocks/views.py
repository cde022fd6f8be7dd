"""The pages of clocks: pausing them, and letting them run again."""

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.clocks import london_date
from alongside.core.pages.acts import did, tried
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.arrivals.clocks import actions, forms, presenters
from alongside.support.arrivals.clocks.models import Pause
from alongside.support.arrivals.referrals.models import Referral


@access(P.REFERRAL_TRIAGE, of=Referral)
def pause(request: HttpRequest, referral: Referral) -> HttpResponse:
    """Asks why and until when the clocks stand still."""
    at, by = timezone.now(), actor_of(request)
    known = presenters.reasons(london_date(at))
    form = forms.Pause(request.POST or None, reasons=known["choices"])
    if form.is_valid() and did(form, lambda: actions.pause(referral, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "The clocks stand still. On the day that you set they run again by themselves.")
        return redirect("referrals:show", pk=referral.pk)
    note_looks(request, [referral.victim_id], fields="name")
    context = {"form": form, "referral": referral, "name": referral.victim.full_name, "hints": known["hints"]}
    return render(request, "clocks/pause.html", context)


@require_POST
@access(P.REFERRAL_TRIAGE, of=Pause)
def resume(request: HttpRequest, pause: Pause) -> HttpResponse:
    at, by = timezone.now(), actor_of(request)
    tried(request, lambda: actions.resume(pause, by=by, at=at), "The clocks run again from today on.")
    return redirect("referrals:show", pk=pause.referral_id)
