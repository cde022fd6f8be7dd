"""Every address of the product. Undeclared views are refused by the access middleware."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from alongside.core.pages import drafts, errors, gallery
from alongside.support.deliveries.urls import api_urls

# Domains with pages that are there in other languages too, each under its own address. What else they hold is English.
SPOKEN = (
    path("", include("alongside.config.home.urls")),
    path("", include("alongside.support.intake.urls")),
    path("", include("alongside.foundation.finding.urls")),
    path("", include("alongside.foundation.freshness.urls")),
    path("", include("alongside.foundation.directory.urls")),
)
urlpatterns: list[URLPattern | URLResolver] = [
    *i18n_patterns(*SPOKEN, prefix_default_language=False),
    path("", include("alongside.support.callbacks.urls")),
    path("sign-in/", include("alongside.config.sign_in")),
    path("", include("alongside.foundation.organisations.urls")),
    path("services/gaps/", include("alongside.foundation.gaps.urls")),
    path("what-to-do/", include("alongside.foundation.pathways.urls")),
    path("", include("alongside.foundation.registrations.urls")),
    path("services/lists/", include("alongside.foundation.lists.urls")),
    path("services/changes/", include("alongside.foundation.proposals.urls")),
    path("groups/", include("alongside.foundation.community.urls")),
    path("api/v1/", include(api_urls)),
    path("api/oruk/", include("alongside.foundation.exchange.urls")),
    path("feeds/sources/", include("alongside.support.sources.urls")),
    path("feeds/", include("alongside.support.deliveries.urls")),
    path("feeds/reconciliation/", include("alongside.support.reconciliation.urls")),
    path("feeds/", include("alongside.support.mending.urls")),
    path("feeds/", include("alongside.support.feeds.urls")),
    path("changes/", include("alongside.support.changes.urls")),
    path("", include("alongside.support.threads.urls")),
    path("", include("alongside.support.papers.urls")),
    path("", include("alongside.support.replies.urls")),
    path("", include("alongside.support.routing.urls")),
    path("", include("alongside.support.stalled.urls")),
    path("fairness/", include("alongside.support.fairness.urls")),
    path("referrals/", include("alongside.support.incoming.urls")),
    path("referrals/", include("alongside.support.triage.urls")),
    path("referrals/", include("alongside.support.calls.urls")),
    path("referrals/", include("alongside.support.kinds.urls")),
    path("referrals/", include("alongside.support.assessment.urls")),
    path("referrals/", include("alongside.support.referrals.urls")),
    path("matching/", include("alongside.support.matching.urls")),
    path("clocks/", include("alongside.support.clocks.urls")),
    path("duty/", include("alongside.support.duty.urls")),
    path("casework/", include("alongside.support.casework.urls")),
    path("", include("alongside.support.centres.urls")),
    path("", include("alongside.support.onthespot.urls")),
    path("victims/", include("alongside.support.victims.urls")),
    path("looks/", include("alongside.support.looks.urls")),
    path("restricted/", include("alongside.support.restricted.urls")),
    path("retention/", include("alongside.support.retention.urls")),
    path("", include("alongside.commissioning.returns.urls")),
    path("oversight/", include("alongside.commissioning.oversight.urls")),
    path("drafts/keep/", drafts.keep_draft, name="keep_draft"),
    path("drafts/drop/", drafts.drop_draft, name="drop_draft"),
    path("jobs/", include("alongside.config.operations.urls")),
    path("rulebook/public-pages/", include("alongside.foundation.translations.urls")),
    path("rulebook/", include("alongside.foundation.rulebook.urls")),
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
