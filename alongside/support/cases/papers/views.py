"""Passing a document on: the hub chooses one and takes it back; the provider opens what it was given."""

from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.pages.acts import did, tried
from alongside.core.pages.files import handed_out
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.documents.rules import TYPES
from alongside.support.arrivals.threads.models import Attachment
from alongside.support.cases.papers import actions, forms, presenters, queries
from alongside.support.cases.papers.models import Passed


@access(P.REFERRAL_TRIAGE, of=Attachment)
def pass_on(request: HttpRequest, attachment: Attachment) -> HttpResponse:
    """One document, one provider: whoever chooses it has read it, and says what it is."""
    by, at = actor_of(request), timezone.now()
    offer, referral = queries.receiver(attachment.standing_id, by), queries.referral_of(attachment)
    form = forms.PassOn(request.POST or None)
    if form.is_valid() and did(form, lambda: actions.pass_on(attachment, by=by, at=at, what=form.cleaned_data["what"])):
        flash.success(request, presenters.passed_words(offer))
        return redirect("referrals:show", pk=referral.pk)
    note_looks(request, [referral.pk, referral.victim_id], fields="name document")
    context = {
        "form": form, "referral": referral, "offer": offer, "read": queries.has_read(attachment, by),
        "paper": presenters.paper(attachment, offer, by=by), "protected": referral.victim.location_protected,
    }  # fmt: skip
    return render(request, "papers/pass_on.html", context)


@require_POST
@access(P.REFERRAL_TRIAGE, of=Passed)
def take_back(request: HttpRequest, passed: Passed) -> HttpResponse:
    by, at, times = actor_of(request), timezone.now(), queries.opened(passed)
    if tried(request, lambda: actions.take_back(passed, by=by, at=at), "The document is taken back.") and times:
        flash.warning(request, presenters.opened_words(passed, times))
    return redirect("referrals:show", pk=passed.referral_id)


@access(P.CASE_WORK, of=Passed)
def document(request: HttpRequest, passed: Passed) -> HttpResponse:
    """What the hub passed on, to be kept and not shown. That it was opened, by whom and when, is in the log of looks,
    which the hub is told from."""
    case = queries.case_of(passed)
    if case is None or not passed.content:
        raise Http404
    note_looks(request, [case.pk, passed.victim_id], fields="document")
    name = f"{case.reference}-{passed.pk.hex[-4:]}.{passed.kind}"
    return handed_out(queries.content(passed), type_=TYPES[passed.kind], name=name)
