"""After a snapshot: the quarter is counted before anybody asks, so that the first page of the day is quick."""

from alongside.commissioning.quarters import charts, queries
from alongside.core.jobs import job
from alongside.facts.measures.models import EVERYWHERE


@job("quarters.prepare", lock="quarters.prepare")
def prepare(event: str, subject: str) -> None:
    """Counts what each office's page shows and draws its charts; all of it is kept by the snapshot's code."""
    manifest = queries.latest()
    if manifest is None:
        return
    quarter = queries.quarters(manifest)[-1]
    for reader in queries.offices():
        for by in EVERYWHERE:
            queries.sheet(reader, manifest, quarter, by)
        for name in charts.DRAWINGS:
            charts.svg(name, reader, manifest, quarter)
