"""Questions and answers on a referral: the hub's page, the referrer's page, and the documents that came."""

from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core import clocks
from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.pages import drafts
from alongside.core.pages.acts import did, tried
from alongside.core.pages.files import handed_out
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.documents.rules import TYPES
from alongside.support.arrivals.referrals.models import Referral, Standing
from alongside.support.arrivals.threads import actions, forms, presenters, queries
from alongside.support.arrivals.threads.models import Attachment

MOST = 100


def _of(request: HttpRequest, referral: Referral) -> Standing:
    standing = queries.standing_of(referral, actor_of(request))
    if standing is None:
        raise Http404
    return standing


@access(P.REFERRAL_TRIAGE, of=Referral)
def ask(request: HttpRequest, referral: Referral) -> HttpResponse:
    """The hub's side: what was written, and the next question. It is warned before it gives something away."""
    at, by, standing = timezone.now(), actor_of(request), _of(request, referral)
    name = drafts.form_name("threads.ask", referral.pk)
    kept = drafts.restore(name, by=by, at=at)
    form = forms.Ask(request.POST or None, initial=drafts.initial(forms.Ask, kept))
    if form.is_valid() and did(form, lambda: actions.ask(standing, by=by, at=at, **form.cleaned_data)):
        drafts.drop(name, by=by)
        flash.success(request, "Sent. They are told by e-mail that something waits, and not what.")
        return redirect("threads:ask", pk=referral.pk)
    note_looks(request, [referral.victim_id], fields="notes")
    shown = presenters.thread(standing, by=by, on=clocks.london_date(at))
    context = {"form": form, "referral": referral, "name": referral.victim.full_name, "kept": kept, "draft": name}
    return render(request, "threads/ask.html", context | shown)


@require_POST
@access(P.REFERRAL_TRIAGE, of=Referral)
def read(request: HttpRequest, referral: Referral) -> HttpResponse:
    actions.read(_of(request, referral), by=actor_of(request), at=timezone.now())
    return redirect("threads:ask", pk=referral.pk)


@require_POST
@access(P.REFERRAL_TRIAGE, of=Referral)
def close(request: HttpRequest, referral: Referral) -> HttpResponse:
    standing, by, at = _of(request, referral), actor_of(request), timezone.now()
    tried(request, lambda: actions.close(standing, by=by, at=at), "Closed. Asking again opens it again.")
    return redirect("threads:ask", pk=referral.pk)


@access(P.REFERRAL_TRIAGE, rows=Referral)
def waiting(request: HttpRequest, rows: QuerySet[Referral]) -> HttpResponse:
    """Threads in which referrers wrote something that nobody here has read."""
    found = queries.waiting(actor_of(request), most=MOST)
    return render(request, "threads/waiting.html", {"rows": presenters.waiting(found)})


@access(P.REFERRAL_REFER, of=Standing)
def answer(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The referrer's side: no name, no more of the referral than they follow anyway."""
    at, by = timezone.now(), actor_of(request)
    name = drafts.form_name("threads.answer", standing.pk)
    kept = drafts.restore(name, by=by, at=at)
    posted = request.POST if request.method == "POST" else None
    form = forms.Answer(posted, request.FILES or None, initial=drafts.initial(forms.Answer, kept))
    if form.is_valid() and did(form, lambda: actions.answer(standing, by=by, at=at, **form.given)):
        drafts.drop(name, by=by)
        flash.success(request, "Sent to the hub.")
        return redirect("threads:answer", pk=standing.pk)
    note_looks(request, [standing.pk], fields="notes")
    shown = presenters.thread(standing, by=by, on=clocks.london_date(at))
    return render(request, "threads/answer.html", {"form": form, "kept": kept, "draft": name} | shown)


@require_POST
@access(P.REFERRAL_REFER, of=Standing)
def seen(request: HttpRequest, standing: Standing) -> HttpResponse:
    actions.read(standing, by=actor_of(request), at=timezone.now())
    return redirect("threads:answer", pk=standing.pk)


@access(P.REFERRAL_TRIAGE, of=Attachment)
def document(request: HttpRequest, attachment: Attachment) -> HttpResponse:
    """A document that came with an answer, to be kept and not shown: what it holds is somebody else's work."""
    note_looks(request, [attachment.standing_id, attachment.pk], fields="document")
    name = f"{attachment.standing.reference}-{attachment.pk.hex[-4:]}.{attachment.kind}"
    return handed_out(queries.content(attachment), type_=TYPES[attachment.kind], name=name)
