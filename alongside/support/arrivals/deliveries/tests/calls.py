"""A force's own system, as it calls the API: opens a connection, gets a token, sends, reads receipts."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from django.utils import timezone

from alongside.foundation.office.organisations.models import Organisation
from alongside.support.arrivals.deliveries import actions, jobs
from alongside.support.arrivals.deliveries.models import Batch, Connection
from tests.world import World

GOOD = {
    "source_ref": "SMP/26/0000001-V1", "reported_at": "2026-09-12T14:05:00+01:00", "offence_code": "105A",
    "victim_kind": "person", "given_name": "Testina", "family_name": "Sampleford", "date_of_birth": "1988-02-29",
    "postcode": "B1 1BB", "phone": "07700 900123", "phone_safe": "yes", "consent": "yes",
}  # fmt: skip
AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def row(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {**GOOD, "source_ref": f"SMP/26/{number:07}-V1", **changes}


def opened(world: World, source: Organisation | None = None, name: str = "Crime system") -> tuple[Connection, str]:
    return actions.open_connection(
        by=world.actor("hub_manager"), at=timezone.now(), source=source or world.force, name=name
    )


@dataclass
class System:
    """One connection at work."""

    connection: Connection
    secret: str
    client: Client = field(default_factory=Client)
    token: str = ""

    @classmethod
    def of(cls, world: World, source: Organisation | None = None, name: str = "Crime system") -> "System":
        made = cls(*opened(world, source, name))
        made.sign_in()
        return made

    def sign_in(self, secret: str = "") -> Any:
        said = {"grant_type": "client_credentials", "client_id": self.connection.pk,
                "client_secret": secret or self.secret}  # fmt: skip
        answer = self.client.post("/api/v1/token", said)
        self.token = answer.json().get("access_token", "")
        return answer

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def send(self, body: Any, key: str = "", **headers: str) -> Any:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.post(
            "/api/v1/referrals", content, content_type="application/json",
            headers={"Idempotency-Key": key or str(uuid4()), **self.bearer, **headers},
        )  # fmt: skip

    def receipt(self, key: object) -> Any:
        return self.client.get(f"/api/v1/referrals/deliveries/{key}", headers=self.bearer)

    def sent(self, body: Any, key: str = "") -> dict[str, Any]:
        """Sent, loaded by the worker, and its receipt."""
        answer = self.send(body, key)
        assert answer.status_code == 202, answer.content
        work()
        told: dict[str, Any] = self.receipt(answer.json()["id"]).json()
        return told


def work() -> None:
    """What the worker does with all that waits."""
    for pk in Batch.objects.filter(state="WAITING").values_list("pk", flat=True):
        take_in(pk)


def take_in(pk: UUID) -> None:
    jobs.take_in(event=str(uuid4()), subject=str(pk))
