"""The operator's pages: jobs that wait, are late or are parked; what each night erased."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.config.operations import actions, queries
from alongside.core import clocks
from alongside.core.access.declare import access, actor_of
from alongside.core.pages.acts import tried
from alongside.foundation.office.accounts.permissions import Permission


@access(Permission.JOB_OPERATE)
def jobs(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    words = {"queue": queries.queue(actor_of(request), at), "health": queries.health(at)}
    return render(request, "operations/jobs.html", words)


@access(Permission.JOB_OPERATE)
@require_POST
def try_again(request: HttpRequest, number: int) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.try_again(number, by=by, at=at), "The job is in the queue again.")
    return redirect("operations:jobs")


@access(Permission.JOB_OPERATE)
def erasures(request: HttpRequest) -> HttpResponse:
    """What each night erased, what is next, and for how long each class is kept. Counts alone."""
    found = queries.nights(clocks.london_date(timezone.now()))
    return render(request, "operations/erasures.html", {"found": found})
