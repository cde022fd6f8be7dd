"""Asking for support without an account, coming back to it with a phrase, and a partner agency's form."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from alongside.core import clocks
from alongside.core.access.callers import caller
from alongside.core.access.declare import Open, access, actor_of
from alongside.core.errors import RuleBroken
from alongside.core.pages import drafts, errors, searches
from alongside.core.pages.acts import did, tried
from alongside.core.pages.paging import page_of
from alongside.core.pages.steps import Answers
from alongside.core.pages.tables import page_links
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.documents.rules import MOST_BYTES
from alongside.support.arrivals.intake import actions, forms, presenters, queries, questions, rules
from alongside.support.arrivals.intake.actions import Opened
from alongside.support.arrivals.intake.visits import CLEAR_ALL, COOKIE, busy, drop, hold, ticketed, visited
from alongside.support.arrivals.referrals.models import Standing, Ticket
from alongside.support.arrivals.referrals.rules import tidy_reference
from alongside.support.arrivals.threads import actions as enclosing
from alongside.support.arrivals.threads import queries as threads
from alongside.support.arrivals.threads.models import Enclosure

WEATHER = "https://www.bbc.co.uk/weather"
FORM = "intake.refer"
LEFT = ("add", "change", "withdraw")


@access(Open.PUBLIC, spoken=True)
def start(request: HttpRequest) -> HttpResponse:
    """What this is, and the button that begins. Whoever comes from a service's page reads its name."""
    key, now = request.GET.get("service", ""), timezone.now()
    service = queries.service_name(key)
    chosen = key if service else ""
    if request.method == "POST":
        try:
            opened = actions.start(caller=caller(request), at=now, service=service, chosen=chosen)
        except RuleBroken:
            return busy(request)
        return hold(redirect("intake:question", step=rules.STEPS.questions[0][0]), opened)
    rights = queries.rights(clocks.london_date(now)) if service else ()
    return render(
        request, "intake/start.html", {"service": service, "shut": queries.shut(service, chosen), "rights": rights}
    )


@access(Open.PUBLIC)
@visited
def question(request: HttpRequest, opened: Opened, step: str) -> HttpResponse:
    """One question. One that is not next is led to the one that is."""
    if step not in questions.QUESTIONS:
        raise Http404
    on = clocks.london_date(timezone.now())
    answers = questions.read(opened.answers, on=on)
    if opened.sent or opened.ticket or not rules.may_open(step, answers):
        return _onwards(opened, answers)
    given = request.POST if request.method == "POST" else opened.texts(step)
    form = questions.QUESTIONS[step](given, on=on, audience=rules.audience(answers, on))
    if request.method == "POST" and form.is_valid():
        return _answered(opened, step, form)
    page = "intake/stop.html" if step == "stop" else "intake/question.html"
    return render(request, page, presenters.question(step, form, answers))


def _onwards(opened: Opened, answers: Answers) -> HttpResponse:
    """Where a visit stands: sent, come back, the next question, or the check."""
    if opened.sent:
        return redirect("intake:sent")
    if opened.ticket:
        return redirect("intake:standing")
    step = rules.upcoming(answers)
    return redirect("intake:send") if step == rules.CHECK else redirect("intake:question", step=step)


def _answered(opened: Opened, step: str, form: questions.Question) -> HttpResponse:
    """Keeps an answer and goes on; a place that no hub here serves ends the visit, and nothing is kept."""
    council = form.cleaned_data.get("council", "")
    if council and queries.hub_of(council) is None:
        actions.leave(opened.secret)
        return drop(redirect("intake:elsewhere"))
    actions.answer(opened, step, form.kept(), undone=rules.undone(step, form.cleaned_data))
    return _onwards(opened, questions.read(opened.answers, on=form.on))


@access(Open.PUBLIC)
@visited
def send(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Check the answers, and send them once."""
    now = timezone.now()
    on = clocks.london_date(now)
    answers = questions.read(opened.answers, on=on)
    if opened.sent or opened.ticket or rules.upcoming(answers) != rules.CHECK:
        return _onwards(opened, answers)
    if request.method == "POST":
        actions.send(opened, answers, at=now)
        return redirect("intake:sent")
    rows = presenters.summary(answers, opened.answers, on)
    return render(request, "intake/send.html", {
        "rows": rows, "service": opened.service, "shut": queries.shut(opened.service, opened.chosen),
    })  # fmt: skip


@access(Open.PUBLIC)
@visited
def sent(request: HttpRequest, opened: Opened) -> HttpResponse:
    """The reference and the four words, until the visit ends."""
    if not opened.sent:
        return _onwards(opened, questions.read(opened.answers, on=clocks.london_date(timezone.now())))
    return render(request, "intake/sent.html", {
        "sent": presenters.kept(opened.sent), "service": opened.service,
        "shut": queries.shut(opened.service, opened.chosen),
    })  # fmt: skip


@access(Open.PUBLIC)
def finish(request: HttpRequest) -> HttpResponse:
    """Ends the visit and clears the device of what this site put there. Opened by hand afterwards, it begins anew."""
    if request.method != "POST":
        return redirect("intake:start")
    actions.leave(request.COOKIES.get(COOKIE, ""))
    return drop(render(request, "intake/finish.html"))


@access(Open.PUBLIC)
@visited
def stay(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Asked by a page that somebody is writing on, so that the visit does not end meanwhile."""
    return HttpResponse(status=204)


@access(Open.PUBLIC)
def ended(request: HttpRequest) -> HttpResponse:
    """Says that the visit is over, and makes it so."""
    actions.leave(request.COOKIES.get(COOKIE, ""))
    return drop(render(request, "intake/ended.html"))


@access(Open.PUBLIC)
def elsewhere(request: HttpRequest) -> HttpResponse:
    return render(request, "intake/elsewhere.html")


@csrf_exempt  # it forgets and shows nothing, and the cookie does not come with another site's POST
@access(Open.PUBLIC, spoken=True)
def leave(request: HttpRequest) -> HttpResponse:
    """The way out: forgets the visit, signs out, and goes to the weather. A beacon asks for no page."""
    actions.leave(request.COOKIES.get(COOKIE, ""))
    if request.session.session_key:
        request.session.clear()
    if request.method == "POST":
        return drop(HttpResponse(status=204), CLEAR_ALL)
    return drop(redirect(WEATHER))


# Coming back.


@access(Open.PUBLIC)
def return_(request: HttpRequest) -> HttpResponse:
    """Reference and phrase. The same words whichever is wrong."""
    form = forms.Return(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            opened = actions.return_(**form.cleaned_data, caller=caller(request), at=timezone.now())
        except RuleBroken:
            return errors.page(429, retry_after=int(rules.TRIES_WITHIN.total_seconds()))
        if opened:
            return hold(redirect("intake:standing"), opened)
        form.add_error(None, "That reference and phrase do not match. Check both, or phone us.")
    return render(request, "intake/return_.html", {"form": form})


@access(Open.PUBLIC)
@ticketed
def standing(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """Where it stands, in words that say nothing of what it is about."""
    words = queries.word_for_victim(ticket.word, clocks.london_date(timezone.now()))
    return render(request, "intake/standing.html", {"ticket": ticket, "words": words})


def _leave_word(request: HttpRequest, ticket: Ticket, form: Any, act: Callable[..., object], verb: str) -> HttpResponse:
    """The three things that somebody who came back can tell us."""
    if request.method == "POST" and form.is_valid():
        act(ticket, at=timezone.now(), **form.cleaned_data)
        return redirect("intake:told", verb=verb)
    return render(request, f"intake/{verb}.html", {"form": form})


@access(Open.PUBLIC)
@ticketed
def told(request: HttpRequest, ticket: Ticket, verb: str) -> HttpResponse:
    """Thanks for what was left."""
    if verb not in LEFT:
        raise Http404
    return render(request, "intake/told.html", {"verb": verb})


@access(Open.PUBLIC)
@ticketed
def add(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    return _leave_word(request, ticket, forms.Add(_posted(request)), actions.add, "add")


@access(Open.PUBLIC)
@ticketed
def change(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    return _leave_word(request, ticket, forms.Change(_posted(request)), actions.change, "change")


@access(Open.PUBLIC)
@ticketed
def withdraw(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    return _leave_word(request, ticket, forms.Withdraw(_posted(request)), actions.withdraw, "withdraw")


def _posted(request: HttpRequest) -> Any:
    """A form of which everything may be left empty is sent even so."""
    return request.POST if request.method == "POST" else None


# A partner agency.


@access(P.REFERRAL_REFER)
def refer(request: HttpRequest) -> HttpResponse:
    """One page that sends one person to the hub. Without agreement nothing is sent, and we say what can be done."""
    by, now = actor_of(request), timezone.now()
    name = drafts.form_name(FORM, by.user_id or UUID(int=0))
    kept = drafts.restore(name, by=by, at=now) if request.method == "GET" else None
    form = forms.Refer(_posted(request), on=clocks.london_date(now), initial=drafts.initial(forms.Refer, kept))
    if request.method == "POST" and request.POST.get("consent") == "no":
        drafts.drop(name, by=by)
        enclosing.take_all_out(by=by, at=now)
        return redirect("intake:not_agreed")
    if request.method == "POST" and _enclosed(request, form) and form.is_valid():
        reference = _sent(request, form)
        drafts.drop(name, by=by)
        request.session["referred"] = [reference, rules.unsure_ways(form.cleaned_data)]
        return redirect("intake:referred")
    chosen, token = threads.enclosed(by, now), request.POST.get("token") or uuid4()
    return render(request, "intake/refer.html", presenters.refer(form, token, kept, name, chosen))


def _enclosed(request: HttpRequest, form: forms.Refer) -> bool:
    """Puts a document by that was chosen and not added yet; what is wrong with it is said beside its box."""
    file = request.FILES.get("file")
    if file is None:
        return True
    by, at = actor_of(request), timezone.now()
    read, called = file.read(MOST_BYTES + 1), file.name or ""
    return did(form, lambda: enclosing.enclose(by=by, at=at, file=read, called=called))


@access(P.REFERRAL_REFER)
def enclose(request: HttpRequest) -> HttpResponse:
    """Adds a document; what was typed meanwhile is kept as a draft, and given back with it."""
    if request.method != "POST":
        return redirect("intake:refer")
    by, at = actor_of(request), timezone.now()
    name = drafts.form_name(FORM, by.user_id or UUID(int=0))
    drafts.keep(name, drafts.texts(request), by=by, at=at)
    file = request.FILES.get("file")
    read, called = (file.read(MOST_BYTES + 1), file.name or "") if file else (b"", "")
    tried(request, lambda: enclosing.enclose(by=by, at=at, file=read, called=called), "The document is added.")
    return redirect(f"{reverse('intake:refer')}#documents")


@access(P.REFERRAL_REFER, of=Enclosure)
@require_POST
def take_out(request: HttpRequest, enclosure: Enclosure) -> HttpResponse:
    """Takes a document out; what was typed meanwhile is kept as a draft, and given back."""
    by, at = actor_of(request), timezone.now()
    drafts.keep(drafts.form_name(FORM, by.user_id or UUID(int=0)), drafts.texts(request), by=by, at=at)
    tried(request, lambda: enclosing.take_out(enclosure, by=by, at=at), "The document is taken out.")
    return redirect(f"{reverse('intake:refer')}#documents")


@access(P.REFERRAL_REFER)
def not_agreed(request: HttpRequest) -> HttpResponse:
    """What can be done for somebody who does not agree."""
    return render(request, "intake/not_agreed.html", {"own_way": request.build_absolute_uri(reverse("intake:start"))})


def _sent(request: HttpRequest, form: forms.Refer) -> str:
    """Sends it under the page's token, so that a second press sends nothing."""
    try:
        token = UUID(request.POST.get("token", ""))
    except ValueError:
        token = uuid4()
    by, at = actor_of(request), timezone.now()
    reference = actions.refer(form.cleaned_data, by=by, at=at, token=token)
    enclosing.send_enclosed(reference, by=by, at=at)
    return reference


@access(P.REFERRAL_REFER, rows=Standing)
def referred(request: HttpRequest, rows: QuerySet[Standing]) -> HttpResponse:
    """The referrals of one's own organisation and where each stands."""
    by, on = actor_of(request), clocks.london_date(timezone.now())
    form = searches.marked(request, forms.Referred(searches.opened(request, plain=tidy_reference), on=on))
    asked = form.cleaned_data if form.is_valid() else {}
    found = queries.standings(rows, by, **asked)
    page = page_of(found, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    earlier, later = page_links(request, page)
    just, warn = request.session.pop("referred", ("", False))
    rows_ = presenters.rows(page.rows, on, threads.unread_of(page.rows, by))
    context = {"form": form, "rows": rows_, "earlier": earlier, "later": later, "just": just, "warn": warn}
    return render(request, "intake/referred.html", context)
