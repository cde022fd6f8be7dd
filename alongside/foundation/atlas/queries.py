"""Reads of the atlas: the councils of a police area, drawn."""

from collections.abc import Collection

from alongside.foundation.atlas.rules import Drawing, draw
from alongside.foundation.organisations.models import Council
from alongside.foundation.organisations.queries import replaced_councils


def of_area(force: str, covered: Collection[str]) -> Drawing | None:
    """A police area's councils, with those that are covered; no codes: all of them."""
    councils = Council.objects.current().filter(force=force).order_by("name").values_list("code", "name")
    return draw(list(councils), covered, replaced_councils())
