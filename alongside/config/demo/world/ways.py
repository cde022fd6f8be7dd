"""How the sample force delivers: a system that sends by API, one that was closed, and a folder."""

import os
from datetime import datetime, timedelta

from django.conf import settings

from alongside.config.demo.world.cast import Cast
from alongside.core.ids import uuid7
from alongside.support.deliveries.models import Connection, Folder

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
