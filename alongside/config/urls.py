"""Every address of the product. Undeclared views are refused by the access middleware."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from alongside.core.pages import drafts, errors, gallery
from alongside.support.arrivals.deliveries.urls import api_urls

# Domains with pages that are there in other languages too, each under its own address. What else they hold is English.
SPOKEN = (
    path("", include("alongside.config.home.urls")),
    path("", include("alongside.support.arrivals.intake.urls")),
    path("", include("alongside.support.cases.tools.urls")),
    path("", include("alongside.foundation.local.finding.urls")),
    path("", include("alongside.foundation.local.freshness.urls")),
    path("", include("alongside.foundation.local.directory.urls")),
)
urlpatterns: list[URLPattern | URLResolver] = [
    *i18n_patterns(*SPOKEN, prefix_default_language=False),
    path("", include("alongside.support.arrivals.callbacks.urls")),
    path("sign-in/", include("alongside.config.sign_in")),
    path("", include("alongside.foundation.office.organisations.urls")),
    path("services/gaps/", include("alongside.foundation.local.gaps.urls")),
    path("what-to-do/", include("alongside.foundation.local.pathways.urls")),
    path("", include("alongside.foundation.local.registrations.urls")),
    path("services/lists/", include("alongside.foundation.local.lists.urls")),
    path("services/changes/", include("alongside.foundation.local.proposals.urls")),
    path("groups/", include("alongside.foundation.local.community.urls")),
    path("api/v1/", include(api_urls)),
    path("api/oruk/", include("alongside.foundation.local.exchange.urls")),
    path("feeds/sources/", include("alongside.support.arrivals.sources.urls")),
    path("feeds/", include("alongside.support.arrivals.deliveries.urls")),
    path("feeds/reconciliation/", include("alongside.support.arrivals.reconciliation.urls")),
    path("feeds/", include("alongside.support.arrivals.mending.urls")),
    path("feeds/", include("alongside.support.arrivals.feeds.urls")),
    path("changes/", include("alongside.support.arrivals.changes.urls")),
    path("", include("alongside.support.arrivals.threads.urls")),
    path("", include("alongside.support.cases.papers.urls")),
    path("", include("alongside.support.cases.risk.urls")),
    path("", include("alongside.support.cases.safety.urls")),
    path("casework/", include("alongside.support.cases.related.urls")),
    path("casework/", include("alongside.support.cases.others.urls")),
    path("", include("alongside.support.cases.journey.urls")),
    path("waiting/", include("alongside.support.cases.waiting.urls")),
    path("waiting/", include("alongside.support.cases.forecasts.urls")),
    path("", include("alongside.support.arrivals.replies.urls")),
    path("", include("alongside.support.arrivals.routing.urls")),
    path("", include("alongside.support.arrivals.stalled.urls")),
    path("fairness/", include("alongside.support.arrivals.fairness.urls")),
    path("referrals/", include("alongside.support.arrivals.incoming.urls")),
    path("referrals/", include("alongside.support.desk.triage.urls")),
    path("referrals/", include("alongside.support.desk.calls.urls")),
    path("referrals/", include("alongside.support.desk.kinds.urls")),
    path("referrals/", include("alongside.support.desk.assessment.urls")),
    path("referrals/", include("alongside.support.arrivals.referrals.urls")),
    path("matching/", include("alongside.support.people.matching.urls")),
    path("clocks/", include("alongside.support.arrivals.clocks.urls")),
    path("duty/", include("alongside.support.people.duty.urls")),
    path("", include("alongside.support.cases.practical.urls")),
    path("casework/", include("alongside.support.cases.imports.urls")),
    path("casework/", include("alongside.support.cases.plans.urls")),
    path("", include("alongside.support.cases.appointments.urls")),
    path("group-work/", include("alongside.support.cases.groups.urls")),
    path("", include("alongside.support.cases.closing.urls")),
    path("", include("alongside.support.cases.transfers.urls")),
    path("", include("alongside.support.cases.lessons.urls")),
    path("casework/", include("alongside.support.cases.casework.urls")),
    path("casework/", include("alongside.support.cases.justice.urls")),
    path("casework/", include("alongside.support.cases.material.urls")),
    path("casework/", include("alongside.support.cases.notes.urls")),
    path("casework/", include("alongside.support.cases.day.urls")),
    path("casework/", include("alongside.support.cases.tasks.urls")),
    path("casework/", include("alongside.support.cases.blanks.urls")),
    path("casework/", include("alongside.support.cases.checks.urls")),
    path("casework/", include("alongside.support.cases.audits.urls")),
    path("", include("alongside.support.cases.supervision.urls")),
    path("", include("alongside.support.desk.centres.urls")),
    path("", include("alongside.support.desk.onthespot.urls")),
    path("victims/", include("alongside.support.people.victims.urls")),
    path("looks/", include("alongside.support.keeping.looks.urls")),
    path("restricted/", include("alongside.support.keeping.restricted.urls")),
    path("retention/", include("alongside.support.keeping.retention.urls")),
    path("explore/", include("alongside.commissioning.exploring.urls")),
    path("", include("alongside.commissioning.catalogue.urls")),
    path("", include("alongside.commissioning.publications.urls")),
    path("", include("alongside.commissioning.quarters.urls")),
    path("", include("alongside.commissioning.templates.urls")),
    path("", include("alongside.commissioning.returns.urls")),
    path("oversight/", include("alongside.commissioning.oversight.urls")),
    path("drafts/keep/", drafts.keep_draft, name="keep_draft"),
    path("drafts/drop/", drafts.drop_draft, name="drop_draft"),
    path("jobs/", include("alongside.config.operations.urls")),
    path("rulebook/public-pages/", include("alongside.foundation.office.translations.urls")),
    path("rulebook/", include("alongside.foundation.office.rulebook.urls")),
]
if settings.DEMO or settings.TESTING:
    urlpatterns += [
        path("components/", gallery.components, name="components"),
        path("demo/", include("alongside.config.demo.urls")),
    ]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error
