"""Files with duplicates, shuffles and poison, loaded at once and some broken off, end as a plain model says."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest
from django.db import connection, transaction

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.rows.realms import Realm, inside
from alongside.support.arrivals.feeds import actions, loading
from alongside.support.arrivals.feeds.models import Delivery, KeptRow, SentAgain
from alongside.support.arrivals.feeds.tests import model
from alongside.support.arrivals.feeds.tests.samples import NOW
from alongside.support.arrivals.referrals.models import Referral, Standing
from alongside.support.people.victims.models import Victim
from tests.world import World

FILES, ROWS, BROKEN_OFF = 12, 200, 4


class Broken(Exception):
    """A load that was broken off half way."""


def found() -> model.Found:
    """What is in the database, files by the number in their name."""
    numbers = {one.pk: int(one.file.partition(".")[0]) for one in Delivery.objects.all()}
    rows = KeptRow.objects.values_list("delivery_id", "line", "source_ref", "outcome", "reason")
    again = SentAgain.objects.values_list("delivery_id", "line", "kept__delivery_id", "kept__line")
    receipts = Delivery.objects.order_by("pk").values("sent", "accepted", "duplicate", "held", "rejected")
    return model.Found(
        taken=dict(Referral.objects.values_list("source_ref", "victim__family_name")),
        kept=[(numbers[delivery], line, ref, outcome, reason) for delivery, line, ref, outcome, reason in rows],
        again=[(numbers[came], line, numbers[first], at) for came, line, first, at in again],
        receipts=[dict(one) for one in receipts],
    )


def order() -> list[int]:
    """In which order the files were loaded: a source's are loaded one at a time, and their keys grow with time."""
    return [int(one.file.partition(".")[0]) for one in Delivery.objects.order_by("pk")]


def breaking(line: int) -> None:
    if line > ROWS // 2:
        raise Broken(str(line))


def nothing(line: int) -> None:
    """Nobody listens."""


@pytest.mark.django_db(transaction=True)
def test_whatever_comes_at_once_and_is_broken_off_the_end_is_what_a_plain_model_says(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "BATCH", 50)
    sent = model.files(many=FILES, rows=ROWS, seed=20261121, poison=0.05)
    paths = [tmp_path / f"{number}.csv" for number in range(FILES)]
    for path, file in zip(paths, sent, strict=True):
        path.write_text(model.text(file), encoding="utf-8")

    def deliver(number: int, *, broken: bool = False) -> None:
        try:
            with transaction.atomic(), inside(Realm.WORKER):
                told = breaking if broken else nothing
                actions.load(paths[number], source=world.force, by=SYSTEM_ACTOR, at=NOW, told=told)
        except Broken:
            assert broken
        finally:
            connection.close()

    work = [(number, False) for number in range(FILES)] + [(number, True) for number in range(BROKEN_OFF)]
    Random(7).shuffle(work)
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(deliver, number, broken=broken) for number, broken in work]:
            done.result()
    came = order()
    assert sorted(came) == list(range(FILES))
    assert list(model.differences(model.after(came, sent), came, found())) == []
    assert Victim.objects.count() == Standing.objects.count() == Referral.objects.count() > ROWS


def test_the_model_is_not_blind(tmp_path: Path) -> None:
    """It finds a row too many, a kept row too few, and a receipt that says otherwise."""
    sent = model.files(many=4, rows=40, seed=1, poison=0.2)
    right = model.after(range(4), sent)
    assert right.again
    spoilt = [{**one, "sent": 0} for one in right.receipts]
    wrong = model.Found({**right.taken, "X": "Y"}, right.kept[1:], right.again[1:], spoilt)
    assert len(list(model.differences(right, range(4), wrong))) == 7
    same = model.Found(right.taken, list(reversed(right.kept)), list(reversed(right.again)), right.receipts)
    assert list(model.differences(right, range(4), same)) == []
    kinds = {row.kind for file in sent for row in file}
    assert "good" in kinds and kinds & set(model.POISON)
