"""Every write of questions and answers: asked, answered, read and closed."""

import base64
from datetime import datetime

from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.pages.drafts import KEPT_FOR
from alongside.core.privacy import fields
from alongside.core.rows.realms import Realm
from alongside.foundation.office.documents import rules as documents
from alongside.foundation.office.messages import actions as messages
from alongside.support.arrivals.referrals.models import Standing
from alongside.support.arrivals.threads import queries, rules
from alongside.support.arrivals.threads.models import Attachment, Enclosure, Post

COME_AND_SEE = "come_and_see"


@transaction.atomic
def ask(standing: Standing, *, by: Actor, at: datetime, words: str, sure: bool = False) -> Post:
    """The hub asks or tells whoever referred. `sure`: they know what the words give away, and mean it."""
    told = rules.gives_away(words, queries.names_of(standing))
    if told and not sure:
        raise RuleBroken(f"This seems to tell {' and '.join(told)}. {rules.SURE}, or write it without.", "sure")
    post = _write(standing, words, by=by, at=at)
    events.record("thread.asked", standing.pk, by=by, at=at, post=str(post.pk), sure=bool(told))
    return post


@transaction.atomic
def answer(
    standing: Standing, *, by: Actor, at: datetime, words: str, file: bytes = b"", called: str = ""
) -> Post:  # fmt: skip
    """Whoever referred answers, or tells the hub something of their own; with a document if they like."""
    if not words.strip() and not file:
        raise RuleBroken("Write something, or choose a document.", "words")
    if queries.closed(standing):
        raise RuleBroken(rules.CLOSED)
    kind = documents.accepted(file) if file else ""
    post = _write(standing, words, by=by, at=at, fresh=bool(file))
    if file:
        _attach(post, file, kind, called, at=at)
    events.record("thread.answered", standing.pk, by=by, at=at, post=str(post.pk), document=bool(file))
    return post


def _write(standing: Standing, words: str, *, by: Actor, at: datetime, fresh: bool = False) -> Post:
    """Keeps the words and notes that what stood before was read. What was sent twice is one."""
    if not fresh and (before := queries.again(standing, words, by=by, since=at - rules.MOMENTS)):
        return before
    _note_read(standing, by=by, at=at)
    post = Post(standing=standing, from_hub=by.realm == Realm.HUB, written_at=at, written_by=by.user_id)
    fields.write(post, words=words)
    post.save(force_insert=True)
    return post


def _attach(post: Post, file: bytes, kind: str, called: str, *, at: datetime) -> None:
    attachment = Attachment(post=post, standing_id=post.standing_id, kind=kind, size=len(file), added_at=at)
    fields.write(attachment, called=called[:100] or "Document", content=base64.b64encode(file).decode())
    attachment.save(force_insert=True)


def _note_read(standing: Standing, *, by: Actor, at: datetime) -> int:
    others = queries.unread(Post.objects.filter(standing=standing), by)
    return others.update(read_at=at, read_by=by.user_id)


@transaction.atomic
def read(standing: Standing, *, by: Actor, at: datetime) -> None:
    """Says that what the other side wrote was read."""
    if count := _note_read(standing, by=by, at=at):
        events.record("thread.read", standing.pk, by=by, at=at, count=count)


@transaction.atomic
def close(standing: Standing, *, by: Actor, at: datetime) -> None:
    """The hub needs to know no more. What was written stays to be read; asking again opens it again."""
    if queries.closed(standing):
        raise RuleBroken("This is closed already.")
    _note_read(standing, by=by, at=at)
    Post(standing=standing, from_hub=True, closes=True, written_at=at, written_by=by.user_id).save(force_insert=True)
    events.record("thread.closed", standing.pk, by=by, at=at)


@transaction.atomic
def enclose(*, by: Actor, at: datetime, file: bytes, called: str) -> Enclosure:
    """Keeps a document for the referral that somebody is writing, sealed for them alone until they send it."""
    assert by.user_id is not None and by.organisation_id is not None
    if not file:
        raise RuleBroken("Choose a document first. An empty file cannot be sent.", "file")
    kind, most = documents.accepted(file), queries.limit("documents_enclosed", at)
    if len(queries.enclosed(by, at)) >= most:
        raise RuleBroken(f"A referral takes {most} documents. Take one out first, or send the rest afterwards.", "file")
    made = Enclosure(
        id=uuid7(), user_id=by.user_id, organisation_id=by.organisation_id, kind=kind, size=len(file), added_at=at
    )
    fields.write(made, called=called[:100] or "Document", content=base64.b64encode(file).decode())
    made.save(force_insert=True)
    events.record("document.enclosed", made.pk, by=by, at=at, kind=kind)
    return made


@transaction.atomic
def take_out(enclosure: Enclosure, *, by: Actor, at: datetime) -> None:
    """Takes a document out again: nothing of it is kept."""
    events.record("document.taken_out", enclosure.pk, by=by, at=at)
    enclosure.delete()


@transaction.atomic
def take_all_out(*, by: Actor, at: datetime) -> None:
    """The referral is not sent: nothing that was chosen for it is kept."""
    for one in Enclosure.objects.visible_to(by):
        take_out(one, by=by, at=at)


@transaction.atomic
def send_enclosed(reference: str, *, by: Actor, at: datetime) -> int:
    """Sends what was chosen along with a referral that was just made. Returns how many documents."""
    standing = Standing.objects.visible_to(by).get(reference=reference)
    chosen = [one for one in Enclosure.objects.visible_to(by).order_by("added_at", "id")
              if one.organisation_id == by.organisation_id]  # fmt: skip
    for one in chosen:
        post = Post(standing=standing, from_hub=False, written_at=at, written_by=by.user_id, read_at=at)
        fields.write(post, words=rules.CAME_WITH)
        post.save(force_insert=True)
        _attach(post, queries.enclosed_content(one), one.kind, fields.read(one, "called"), at=at)
        one.delete()
    if chosen:
        events.record("thread.enclosed", standing.pk, by=by, at=at, documents=len(chosen))
    return len(chosen)


@transaction.atomic
def forget_enclosed(*, at: datetime) -> int:
    """Deletes what was chosen for referrals that nobody sent, when their drafts are gone. Returns how many."""
    return int(Enclosure.objects.filter(added_at__lte=at - KEPT_FOR).delete()[0])


def tell(post: Post, *, by: Actor, at: datetime) -> None:
    """Tells the other side by neutral e-mail that something waits. Run by the worker; safe to repeat."""
    people = queries.referrers(post.standing) if post.from_hub else queries.officers(post.standing, at)
    for person in people:
        messages.notify(person, by=by, at=at, about=post.pk, template=COME_AND_SEE)
