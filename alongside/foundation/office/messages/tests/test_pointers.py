"""Word to professionals: only to their mailboxes at work, once, and forgotten when it is sent."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, transaction

from alongside.core.errors import RuleBroken
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.messages import actions, jobs, queries
from alongside.foundation.office.messages.contents import POINTERS, Content
from alongside.foundation.office.messages.gateway import GatewayFailed
from alongside.foundation.office.messages.models import Pointer
from alongside.foundation.office.messages.rules import ends_in
from tests.world import World

pytestmark = pytest.mark.django_db
LINK = "http://127.0.0.1:8000/answer/sample-secret/"


class Door:
    """Remembers what went through it."""

    def __init__(self, fails: GatewayFailed | None = None) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.fails = fails

    def notify(self, item: UUID, mailbox: str, content: Content, link: str) -> str:
        if self.fails:
            raise self.fails
        self.sent.append((mailbox, content.code, link))
        return f"door:{item}"


def point(world: World, mailbox: str = "pc.sample@police.example", template: str = "answer") -> Pointer:
    return actions.point(
        mailbox, by=world.actor("triage_officer"), at=world.now, organisation_id=world.hub.pk, template=template,
        link=LINK,
    )  # fmt: skip


def test_a_pointer_is_sent_once_and_then_neither_mailbox_nor_link_is_left(world: World) -> None:
    pointer, door = point(world), Door()
    assert LINK.encode() not in bytes(pointer.link)
    for _ in range(2):
        actions.bring(pointer, by=world.actor("hub_manager"), at=world.now, through=door)
    assert door.sent == [("pc.sample@police.example", "answer", LINK)]
    pointer.refresh_from_db()
    assert (pointer.state, bytes(pointer.mailbox), bytes(pointer.link)) == ("SENT", b"", b"")


@pytest.mark.parametrize(
    "mailbox",
    ["", "sample@mail.example", "a@police.example, b@mail.example", "x@notpolice.example", "two words@police.example",
     "a@police.example.mail.example", "<a@police.example>", "a@police.example\nbcc: b@mail.example"],
)  # fmt: skip
def test_nobody_is_written_to_at_a_mailbox_that_is_none_of_theirs(world: World, mailbox: str) -> None:
    with pytest.raises(RuleBroken, match="only to mailboxes"), transaction.atomic():
        point(world, mailbox)
    assert not Pointer.objects.exists()


def test_a_mailbox_of_a_part_of_a_force_is_one_of_theirs() -> None:
    assert ends_in("pc.o'sample@desk.Police.example", ["police.example"])
    assert not ends_in("a@police.example", [""])


def test_the_mailboxes_are_the_rulebooks(world: World) -> None:
    assert queries.is_professional("pc@west.police.uk", date(2026, 1, 1))


def test_only_approved_words_go_out(world: World) -> None:
    with pytest.raises(RuleBroken, match="approved"), transaction.atomic():
        point(world, template="hello")
    for content in POINTERS.values():
        assert "victim’s name" not in content.words and "{" not in content.words


@pytest.mark.parametrize(("again", "state"), [(True, "WAITING"), (False, "FAILED")])
def test_a_gateway_that_fails_is_tried_again_or_said_to_have_failed(world: World, again: bool, state: str) -> None:
    pointer, door = point(world), Door(GatewayFailed("notify_500", again=again))
    try:
        with transaction.atomic():
            actions.bring(pointer, by=world.actor("hub_manager"), at=world.now, through=door)
    except GatewayFailed:
        assert again
    pointer.refresh_from_db()
    assert pointer.state == state


def test_the_job_puts_it_into_the_outbox(world: World, settings: Any, tmp_path: Any) -> None:
    settings.OUTBOX, settings.NOTIFY_API_KEY = str(tmp_path), ""
    pointer = point(world)
    with transaction.atomic():
        jobs.bring.func(event="", subject=str(pointer.pk))
    (written,) = tmp_path.iterdir()
    assert LINK in written.read_text() and "pc.sample@police.example" in written.read_text()


def test_a_hub_sees_its_own_pointers_alone_and_a_provider_none(world: World) -> None:
    point(world)
    with transaction.atomic(), inside(Realm.HUB, orgs=[world.far_hub.pk]):
        assert Pointer.objects.count() == 0
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), inside(Realm.PROVIDER):
        Pointer.objects.count()
    assert Pointer.objects.visible_to(world.actor("far_triage_officer")).count() == 0


def test_whoever_asked_to_hear_is_told_one_of_the_fixed_texts_without_a_link(
    world: World, settings: Any, tmp_path: Any
) -> None:
    settings.OUTBOX, settings.NOTIFY_API_KEY = str(tmp_path), ""
    told: dict[str, Any] = {"by": world.actor("hub_manager"), "at": world.now, "organisation_id": world.hub.pk}
    with pytest.raises(RuleBroken, match="approved list"):
        actions.let_hear("anyone@mail.example", template="answer", **told)
    pointer = actions.let_hear("anyone@mail.example", template="entry_mended", **told)
    actions.bring(pointer, by=world.actor("hub_manager"), at=world.now)
    (written,) = tmp_path.iterdir()
    assert "http" not in written.read_text() and "anyone@mail.example" in written.read_text()
    pointer.refresh_from_db()
    assert bytes(pointer.mailbox) == b""
