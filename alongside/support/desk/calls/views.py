"""The first call a step at a time, what came of a call, and taking that back."""

from typing import Any

from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core import clocks
from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.pages import drafts, once
from alongside.core.pages.acts import did, tried
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.arrivals.referrals import queries as referrals
from alongside.support.arrivals.referrals.models import Attempt, Referral
from alongside.support.desk.assessment import actions as assessment
from alongside.support.desk.assessment import queries as waiting
from alongside.support.desk.calls import actions, forms, presenters, queries, rules
from alongside.support.desk.calls.forms import Call
from alongside.support.desk.calls.rules import Script, Step

ALARM = "Those on duty have been told. What you noted of the call is kept."
FINISHED = "The call is recorded, with what they agreed to and what is safe."
CARRIED = "The needs that they named stand below: go through the rest, and save."
OFFERED = "The needs that they named are offered to whoever has this referral, for the assessment."


def _draft(referral: Referral, verb: str = "calls.call") -> str:
    return drafts.form_name(verb, referral.pk)


@require_POST
@access(P.REFERRAL_TRIAGE, of=Referral)
def begin(request: HttpRequest, referral: Referral) -> HttpResponse:
    """Whoever calls has the referral; then the first step."""
    at, by = timezone.now(), actor_of(request)
    if tried(request, lambda: actions.begin(referral, by=by, at=at), presenters.BEGUN):
        return redirect("calls:call", pk=referral.pk, step=queries.script(clocks.london_date(at)).steps[0].code)
    return redirect("referrals:show", pk=referral.pk)


@access(P.REFERRAL_TRIAGE, of=Referral)
def call(request: HttpRequest, referral: Referral, step: str) -> HttpResponse:
    """One step of the script beside the facts. What is said is kept as a draft at every step and while it is typed."""
    at, by = timezone.now(), actor_of(request)
    script = queries.script(clocks.london_date(at))
    here = script.find(step)
    if here is None:
        raise Http404
    made, kept = forms.call(script.steps), drafts.restore(_draft(referral), by=by, at=at)
    posted = request.POST if request.method == "POST" else None
    start = drafts.initial(made, kept)
    form = made(posted, choices=queries.choices(referral, at), initial=start)
    answer = _answered(request, referral, form, script, here) if posted else None
    return answer or _shown(request, referral, form, script, here)


def _shown(request: HttpRequest, referral: Referral, form: Call, script: Script, here: Step) -> HttpResponse:
    at = timezone.now()
    known = referrals.triage(referral, at=at)
    opened = queries.numbers(referral, at=at) if once.pressed(request, referral.pk) else None
    looked = "name phone instructions" if opened else "name notes contact"
    note_looks(request, [referral.victim_id, *(point.pk for point, _, _ in opened or ())], fields=looked)
    context = presenters.page(known, form, here, script) | presenters.numbers(opened)
    return render(request, "calls/call.html", context | {"draft": _draft(referral)})


def _answered(
    request: HttpRequest, referral: Referral, form: Call, script: Script, here: Step
) -> HttpResponse | None:  # fmt: skip
    """Keeps what was said and goes where the button leads; None where this step has to be put right first."""
    _keep(request, referral)
    go = request.POST.get("go", "next")
    if go == "show":
        once.press(request, referral.pk)
    if go in ("show", "back"):
        return _to(referral, here.code if go == "show" else script.before(here, request.POST))
    if form.wrong_here(here):
        return None
    said = form.cleaned_data
    if here.asks == "danger" and said["danger"] == "yes":
        return _alarm(request, referral)
    if here.asks == rules.OUT:
        return _left(request, referral, form)
    if rules.ends(said, here.asks):
        return _to(referral, script.way_out.code)
    later = script.after(here)
    return _to(referral, later) if later else _finished(request, referral, form, script)


def _keep(request: HttpRequest, referral: Referral) -> None:
    texts = {name: list(map(str, given)) for name, given in request.POST.lists()}
    kept = {name: given[0] if len(given) == 1 else given for name, given in texts.items() if name not in rules.NOT_SAID}
    drafts.keep(_draft(referral), kept, by=actor_of(request), at=timezone.now())


def _to(referral: Referral, step: str) -> HttpResponse:
    return redirect("calls:call", pk=referral.pk, step=step)


def _alarm(request: HttpRequest, referral: Referral) -> HttpResponse:
    """What to do now, and who was told: the same as in an assessment."""
    at, by = timezone.now(), actor_of(request)
    if tried(request, lambda: assessment.raise_alarm(referral, by=by, at=at), ALARM):
        return redirect("assessment:danger", pk=referral.pk)
    return redirect("referrals:show", pk=referral.pk)


def _left(request: HttpRequest, referral: Referral, form: Call) -> HttpResponse | None:
    """The call ended at once."""
    at, by = timezone.now(), actor_of(request)
    if not did(form, lambda: actions.leave(referral, form.cleaned_data, by=by, at=at)):
        return None
    drafts.drop(_draft(referral), by=by)
    flash.success(request, "Recorded. You did right to ring off.")
    return redirect("referrals:show", pk=referral.pk)


def _finished(request: HttpRequest, referral: Referral, form: Call, script: Script) -> HttpResponse | None:
    """The whole call is recorded; what they need is carried into the assessment, which a person saves."""
    at, by = timezone.now(), actor_of(request)
    if wrong := form.wrong_step(script):
        flash.error(request, "Put this step right, and then record the call.")
        return _to(referral, wrong)
    said = form.cleaned_data
    if not did(form, lambda: actions.finish(referral, said, script.steps, by=by, at=at)):
        return None
    drafts.drop(_draft(referral), by=by)
    flash.success(request, FINISHED)
    return _carry(request, referral, said)


def _carry(request: HttpRequest, referral: Referral, said: dict[str, Any]) -> HttpResponse:
    """What they named waits for whoever has the referral; where that is the caller, it is in the boxes already."""
    at, by = timezone.now(), actor_of(request)
    if not said["needs"] or not waiting.to_settle(referral):
        return redirect("referrals:show", pk=referral.pk)
    if referral.worker not in (None, by.user_id):
        flash.success(request, OFFERED)
        return redirect("referrals:show", pk=referral.pk)
    name, record = _draft(referral, "assessment.assess"), queries.assessment_begun(referral, clocks.london_date(at))
    begun = drafts.restore(name, by=by, at=at)
    drafts.keep(name, rules.begin_assessment(begun.texts if begun else record, record, said), by=by, at=at)
    flash.success(request, CARRIED)
    return redirect("assessment:assess", pk=referral.pk)


@access(P.REFERRAL_TRIAGE, of=Referral)
def outcome(request: HttpRequest, referral: Referral) -> HttpResponse:
    """What came of a call, in three keys: this page, a number, Enter."""
    at, by = timezone.now(), actor_of(request)
    form = forms.Outcome(request.POST or None, results=queries.results(clocks.london_date(at)))
    if form.is_valid():
        said = form.cleaned_data
        if did(form, lambda: actions.record(referral, by=by, at=at, result=said["result"], note=said["note"])):
            to_set = said["then"] == "set" or said["result"] in rules.TO_SET
            return redirect("referrals:plan_attempt", pk=referral.pk) if to_set else redirect("triage:queue")
    note_looks(request, [referral.victim_id], fields="name contact")
    return render(request, "calls/outcome.html", presenters.outcome(referral, form, at=at))


@require_POST
@access(P.REFERRAL_TRIAGE, of=Attempt)
def undo(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """Takes back what one recorded a moment ago."""
    at, by = timezone.now(), actor_of(request)
    done = "Taken back. It stays to be read on the referral, and counts for nothing."
    tried(request, lambda: actions.undo(attempt, by=by, at=at), done)
    return redirect("triage:queue")
