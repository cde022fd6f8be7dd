"""The office connects a force's system; its script posts a batch; the receipt is on the deliveries page."""

import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from tests.journeys.conftest import Person
from tests.journeys.served import Site
from tests.journeys.visitor import Visitor

BATCH = [
    {"source_ref": "JOURNEY/26/1-V1", "reported_at": "2026-03-31T14:05:00+01:00", "offence_code": "105A",
     "victim_kind": "person", "given_name": "Testina", "family_name": "Apisample", "phone": "07700 900123",
     "phone_safe": "yes", "consent": "yes"},
    {"source_ref": "JOURNEY/26/2-V1", "reported_at": "yesterday", "offence_code": "105A", "victim_kind": "person",
     "given_name": "Testo"},
    "no row",
]  # fmt: skip


def given_the_office_connects_a_system(manager: Visitor) -> tuple[str, str]:
    manager.open("/feeds/")
    manager.follow("Ways it is delivered")
    manager.look_at_both_widths()
    manager.follow("Connect a system")
    manager.page.locator("input[name=source]").first.check()
    manager.fill(name="Custody system")
    manager.look_at_both_widths()
    manager.press("Connect it")
    manager.sees("The secret, shown once", "Never used")
    manager.look()
    manager.look_at_both_widths()
    secret = manager.page.locator("main code").inner_text()
    key = manager.page.url.rstrip("/").rpartition("/")[2]
    manager.page.reload()
    assert secret not in manager.page.content()
    return key, secret


def when_its_script_sends_a_batch(site: Site, key: str, secret: str) -> dict[str, Any]:
    said = {"grant_type": "client_credentials", "client_id": key, "client_secret": secret}
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    bearer = {"Authorization": f"Bearer {asked(site, 'POST', '/api/v1/token', form, urlencode(said))['access_token']}"}
    headers = {**bearer, "Content-Type": "application/json", "Idempotency-Key": "journey-0001"}
    taken, again = (asked(site, "POST", "/api/v1/referrals", headers, json.dumps(BATCH)) for _ in range(2))
    assert taken == again
    site.work()
    return asked(site, "GET", taken["receipt"], bearer)


def asked(site: Site, method: str, path: str, headers: dict[str, str], body: str | None = None) -> dict[str, Any]:
    line = HTTPConnection("127.0.0.1", site.port, timeout=30)
    line.request(method, path, body, headers)
    with line.getresponse() as answer:
        found: dict[str, Any] = json.load(answer)
    line.close()
    return found


def then_the_receipt_is_on_the_deliveries_page(manager: Visitor) -> None:
    manager.open("/feeds/")
    manager.sees("By API: Custody system")
    manager.look_at_both_widths()
    manager.follow_in(manager.page.locator("main tbody tr", has_text="By API: Custody system").first)
    manager.sees("What became of each row", "Rejected")
    manager.look_at_both_widths()


def then_the_connection_is_closed(manager: Visitor, key: str) -> None:
    manager.open(f"/feeds/ways/connections/{key}/")
    manager.sees("What it sent last", "Loaded")
    manager.look_at_both_widths()
    manager.press("Close this connection")
    manager.sees("The connection is closed")
    manager.look_at_both_widths()


def test_a_forces_system_is_connected_sends_and_is_closed(site: Site, person: Person) -> None:
    manager = person("hub-manager")
    key, secret = given_the_office_connects_a_system(manager)
    told = when_its_script_sends_a_batch(site, key, secret)
    assert (told["status"], told["sent"], told["accepted"], told["rejected"]) == ("loaded", 3, 1, 2)
    then_the_receipt_is_on_the_deliveries_page(manager)
    then_the_connection_is_closed(manager, key)
    manager.open("/feeds/guide/")
    manager.sees("Referrals by API")
    manager.look_at_both_widths()
