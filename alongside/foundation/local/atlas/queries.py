"""Reads of the atlas: the councils of a police area, drawn."""

from collections.abc import Collection, Mapping

from alongside.foundation.local.atlas.rules import Drawing, Shaded, draw, shade
from alongside.foundation.office.organisations.models import Council
from alongside.foundation.office.organisations.queries import replaced_councils


def of_area(force: str, covered: Collection[str]) -> Drawing | None:
    """A police area's councils, with those that are covered; no codes: all of them."""
    councils = Council.objects.current().filter(force=force).order_by("name").values_list("code", "name")
    return draw(list(councils), covered, replaced_councils())


def shaded(councils: Collection[tuple[str, str]], counts: Mapping[str, int]) -> Shaded | None:
    """Councils (code, name), each as dark as its number is high."""
    return shade(councils, counts, replaced_councils())
