"""The door itself: an outbox on disk, or GOV.UK Notify. One recipient an item; there is no list and no copy.

Nothing else in the product may send. `actions.send` alone calls this, after it has looked at safety again.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from alongside.foundation.office.messages.contents import Content


class GatewayFailed(Exception):
    """The gateway did not take the item. `again` says whether a later try may succeed."""

    def __init__(self, code: str, *, again: bool) -> None:
        super().__init__(code)
        self.code = code
        self.again = again


class Gateway(Protocol):
    """Delivers one item to one recipient; returns the gateway's own id."""

    def deliver(self, item: UUID, kind: str, value: str, content: Content) -> str: ...


class Notifier(Protocol):
    """Brings one mailbox one text, with the link of a page or without one; returns the gateway's own id."""

    def notify(self, item: UUID, mailbox: str, content: Content, link: str) -> str: ...


class Outbox:
    """Writes each item as a file named by its opaque id: the default where nothing is configured."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def deliver(self, item: UUID, kind: str, value: str, content: Content) -> str:
        return self._put(item, {"to": value, "channel": kind, "subject": content.subject, "words": content.text})

    def notify(self, item: UUID, mailbox: str, content: Content, link: str) -> str:
        words = f"{content.words}\n\n{link}" if link else content.words
        return self._put(item, {"to": mailbox, "channel": "email", "subject": content.subject, "words": words})

    def _put(self, item: UUID, body: dict[str, str]) -> str:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{item}.json"
        path.touch(mode=0o600)
        path.write_text(json.dumps(body, indent=1), encoding="utf-8")
        return f"outbox:{item}"


class Notify:
    """GOV.UK Notify. Template ids are given by code in NOTIFY_TEMPLATES; no personalisation is ever sent, but the link
    of a notice to a professional and the one that opens somebody's own page once.
    """

    def __init__(self, key: str, url: str, templates: dict[str, str]) -> None:
        self.client = NotificationsAPIClient(key, base_url=url, timeout=10)
        self.templates = templates

    def deliver(self, item: UUID, kind: str, value: str, content: Content) -> str:
        template = self._template(content, kind)
        send = self.client.send_sms_notification if kind == "phone" else self.client.send_email_notification
        said = {"personalisation": {"link": content.link}} if content.link else {}
        return self._asked(lambda: send(value, template, reference=str(item), **said))

    def notify(self, item: UUID, mailbox: str, content: Content, link: str) -> str:
        template, said = self._template(content, "email"), {"link": link} if link else None
        return self._asked(
            lambda: self.client.send_email_notification(mailbox, template, personalisation=said, reference=str(item))
        )

    def _template(self, content: Content, kind: str) -> str:
        found = self.templates.get(f"{content.code}_{kind}")
        if not found:
            raise GatewayFailed("template_missing", again=False)
        return found

    def _asked(self, send: Callable[[], Any]) -> str:
        try:
            return str(send()["id"])
        except HTTPError as error:
            raise GatewayFailed(f"notify_{error.status_code}", again=error.status_code in (429, 500, 503)) from error


def gateway() -> "Notify | Outbox":
    """The gateway that is configured."""
    if settings.NOTIFY_API_KEY:
        return Notify(settings.NOTIFY_API_KEY, settings.NOTIFY_URL, settings.NOTIFY_TEMPLATES)
    return Outbox(Path(settings.OUTBOX))
