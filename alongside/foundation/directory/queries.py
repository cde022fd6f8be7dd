"""Reads of the directory: the services that fit a person, best first."""

from alongside.foundation.directory.models import Service
from alongside.foundation.directory.rules import NO_TITLES, Fit, Seeker, Titles, fit


def services_for(seeker: Seeker, *, titles: Titles = NO_TITLES) -> tuple[Fit, ...]:
    """Services that fit and that referrals may be sent to now, best first. A waiting list is in `notes`."""
    services = Service.objects.open().routable().select_related("provider")
    fits = [found for service in services if (found := fit(service, seeker, titles=titles))]
    return tuple(sorted(fits, key=lambda found: (-found.score, found.service.name)))
