"""The fairness report of a hub, and the same as a file."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from alongside.core.access.declare import access, actor_of
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.arrivals.fairness import actions, forms, presenters, queries
from alongside.support.arrivals.fairness.presenters import Report


def _report(request: HttpRequest, form: forms.Report) -> Report:
    asked, today = form.asked, forms.today()
    counted = queries.counted(actor_of(request), **asked)
    words, reasons = queries.words(asked["by"], today), queries.reasons(today)
    return presenters.report(counted, words=words, reasons=reasons, **asked)


def _form(sent: QueryDict) -> forms.Report:
    return forms.Report(sent if "by" in sent else None, initial=forms.Report.begun())


@access(P.ROUTING_REVISE)
def report(request: HttpRequest) -> HttpResponse:
    """Offers, answers, waits and what goes against the rules, by one thing at a time."""
    form = _form(request.GET)
    return render(request, "fairness/report.html", {
        "form": form, "shown": _report(request, form), "definitions": presenters.DEFINITIONS,
        "protected": presenters.PROTECTED, "read": presenters.READ, "sent": _flat(form),
    })  # fmt: skip


def _flat(form: forms.Report) -> dict[str, object]:
    """What was asked for, as a form sends it."""
    asked = form.asked
    days = {f"{name}_{part}": getattr(asked[name], part) for name in ("first_on", "last_on")
            for part in ("day", "month", "year")}  # fmt: skip
    return {"by": asked["by"], **days}


@access(P.ROUTING_REVISE)
def download(request: HttpRequest) -> HttpResponse:
    """A file is made by a POST, since its making is recorded."""
    form = _form(request.POST)
    if request.method != "POST" or not form.is_valid():
        return redirect("fairness:report")
    shown = _report(request, form)
    by, at = actor_of(request), timezone.now()
    actions.take_away(by=by, at=at, broken_down=form.cleaned_data["by"], groups=len(shown.lines))
    headers = {"Content-Disposition": 'attachment; filename="fairness.csv"'}
    return HttpResponse(presenters.file(shown), content_type="text/csv; charset=utf-8", headers=headers)
