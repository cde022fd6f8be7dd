"""GOV.UK Notify, against a loopback server that speaks its contract."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar
from uuid import uuid4

import pytest

from alongside.foundation.office.messages.contents import CONTENTS
from alongside.foundation.office.messages.gateway import GatewayFailed, Notify, Outbox, gateway

KEY = f"test-{uuid4()}-{uuid4()}"
TEMPLATE = "9f0b5e3c-0000-4000-8000-000000000001"


class Counter(BaseHTTPRequestHandler):
    """Answers as Notify does; remembers what it was asked."""

    asked: ClassVar[list[tuple[str, dict[str, Any], str]]] = []
    status: ClassVar[int] = 201

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.asked.append((self.path, body, self.headers["authorization"]))
        answer = {"id": str(uuid4()), "reference": body["reference"], "content": {"body": "x", "from_number": "y"}}
        if self.status != 201:
            answer = {"status_code": self.status, "errors": [{"error": "e", "message": "m"}]}
        self.send_response(self.status)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@pytest.fixture
def notify() -> Iterator[str]:
    Counter.asked.clear()
    Counter.status = 201
    server = HTTPServer(("127.0.0.1", 0), Counter)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def door(url: str) -> Notify:
    return Notify(KEY, url, {"call_us_phone": TEMPLATE, "call_us_email": TEMPLATE})


@pytest.mark.parametrize(
    ("kind", "value", "path", "field"),
    [
        ("phone", "07700 900123", "/v2/notifications/sms", "phone_number"),
        ("email", "testina@post.example", "/v2/notifications/email", "email_address"),
    ],
)
def test_one_recipient_and_no_personalisation(notify: str, kind: str, value: str, path: str, field: str) -> None:
    item = uuid4()
    assert door(notify).deliver(item, kind, value, CONTENTS["call_us"])
    ((asked, body, bearer),) = Counter.asked
    assert asked == path
    assert body == {field: value, "template_id": TEMPLATE, "reference": str(item)}
    assert bearer.startswith("Bearer ")


@pytest.mark.parametrize(("status", "again"), [(503, True), (429, True), (400, False), (403, False)])
def test_a_refusal_says_whether_to_try_again(notify: str, status: int, again: bool) -> None:
    Counter.status = status
    with pytest.raises(GatewayFailed) as failure:
        door(notify).deliver(uuid4(), "phone", "07700 900123", CONTENTS["call_us"])
    assert (failure.value.code, failure.value.again) == (f"notify_{status}", again)


def test_a_template_that_was_not_set_up_is_said(notify: str) -> None:
    with pytest.raises(GatewayFailed, match="template_missing"):
        door(notify).deliver(uuid4(), "phone", "07700 900123", CONTENTS["received"])


def test_the_outbox_names_files_by_opaque_id_for_its_owner_alone(tmp_path: Path) -> None:
    item = uuid4()
    Outbox(tmp_path / "out").deliver(item, "phone", "07700 900123", CONTENTS["call_us"])
    (path,) = (tmp_path / "out").iterdir()
    assert path.name == f"{item}.json"
    assert path.stat().st_mode & 0o077 == 0


def test_the_configured_gateway_is_used(settings: Any) -> None:
    assert isinstance(gateway(), Outbox)
    settings.NOTIFY_API_KEY = KEY
    assert isinstance(gateway(), Notify)


def test_no_approved_text_names_anybody_or_anything() -> None:
    telling = ("victim", "police", "crime", "abuse", "support", "hub", "service", "case", "{", "http", "£")
    for content in CONTENTS.values():
        said = f"{content.subject} {content.words}".lower()
        assert not [word for word in telling if word in said]
