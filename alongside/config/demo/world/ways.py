"""How the sample force delivers: its systems and folder, a second feed, and what came again of people supported."""

import os
from datetime import datetime, timedelta

from django.conf import settings

from alongside.config.demo.world.cast import Cast
from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.ids import uuid7
from alongside.support.arrivals.changes import actions as changes
from alongside.support.arrivals.deliveries.models import Connection, Folder
from alongside.support.arrivals.feeds.models import KeptRow, SourceVersion
from alongside.support.arrivals.feeds.rows import COLUMNS

SYSTEMS = (("Crime system", 300, 0), ("Crime system, before the move", 420, 310))


def open_ways(cast: Cast, *, until: datetime) -> None:
    """Beside the file of every morning. Nobody knows the secrets."""
    said = {"hub_id": cast.hub.pk, "source": cast.force, "opened_by": cast.officers[0]}
    for name, opened, closed in SYSTEMS:
        over = until - timedelta(days=closed) if closed else None
        Connection(
            id=uuid7(), name=name, secret=os.urandom(16), opened_at=until - timedelta(days=opened), closed_at=over,
            closed_by=cast.officers[0] if closed else None, last_used_at=over or until - timedelta(minutes=40), **said,
        ).save(force_insert=True)  # fmt: skip
    if settings.DEMO:
        (settings.FOLDERS / cast.force.code).mkdir(mode=0o700, parents=True, exist_ok=True)
    Folder(id=uuid7(), name=cast.force.code, opened_at=until - timedelta(days=300), looked_at=until, **said).save(
        force_insert=True
    )
    Connection.objects.filter(name=SYSTEMS[0][0]).update(wrong_tries=6, wrong_at=until - timedelta(hours=3))
    SourceVersion(
        hub_id=cast.hub.pk, source=cast.force, feed="victim-care-unit", number=1, name="Victim care unit, export",
        contact="Victim care unit, vcu@police.example", series="VCU/", columns={name: name for name in COLUMNS},
        excluded=["burglary"], saved_at=until - timedelta(days=90), saved_by=cast.officers[0],
    ).save(force_insert=True)  # fmt: skip
    _pass_on(until)


def _pass_on(until: datetime) -> None:
    """What came again of somebody whom a provider supports waits for that provider to decide."""
    rows = KeptRow.objects.filter(reason="changed", outcome="held", settled_at=None).select_related("delivery__source")
    for kept in rows:
        changes.pass_on(kept, by=SYSTEM_ACTOR, at=until)
