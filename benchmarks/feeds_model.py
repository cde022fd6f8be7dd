"""A hundred files of ten thousand rows, several processes at once, killed with signal 9: is every row where it must be?

Run `python -m benchmarks.feeds_model`. What is in the database afterwards is held against a model in plain Python that
shares no rule with the product (`alongside/support/arrivals/feeds/tests/model.py`), row for row.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

os.environ.setdefault("ALONGSIDE_DATABASE", "bench_feeds_model")
os.environ["ALONGSIDE_LOGIN"] = "owner"
os.environ["DJANGO_SETTINGS_MODULE"] = "alongside.config.settings"
os.environ.setdefault("ALONGSIDE_LOG_LEVEL", "ERROR")

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.management.commands.keys import write_ring
from alongside.core.privacy import crypt
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.organisations.models import Force, Organisation
from alongside.support.arrivals.feeds import actions
from alongside.support.arrivals.feeds.models import Delivery, KeptRow, SentAgain
from alongside.support.arrivals.feeds.tests import model
from alongside.support.arrivals.referrals.models import Referral, Standing
from alongside.support.people.victims.models import Victim

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SEED = 20261121
FILLED = (
    "victims_victim, referrals_referral, messages_contactpoint, feeds_delivery, core_personkey, core_event, core_grant"
)


def prepare() -> None:
    """Tables, rules, one force and its hub; nothing else."""
    if not Path(settings.KEY_RING_FILE).exists() and not settings.KEY_RING:
        write_ring(Path(settings.KEY_RING_FILE), crypt.new_ring())
    call_command("migrate", verbosity=0)
    words = {"force": Force.objects.get(slug="west-midlands"), "since": date(2020, 1, 1)}
    for code, kind in (("bench-hub", "hub"), ("bench-force", "force")):
        Organisation.objects.get_or_create(code=code, defaults={"name": code, "kind": kind, **words})
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {FILLED} CASCADE")


def serve(folder: Path) -> None:
    """A worker: loads the files whose numbers it is told, one after the other, until it is told no more or killed."""
    source = Organisation.objects.get(code="bench-force")
    for line in sys.stdin:
        with transaction.atomic(), inside(Realm.WORKER):
            actions.load(folder / f"{line.strip()}.csv", source=source, by=SYSTEM_ACTOR, at=NOW)
        print(line.strip(), flush=True)


def loaded(number: int) -> bool:
    return Delivery.objects.filter(file=f"{number}.csv").exists()


@dataclass
class Crew:
    """Workers, each with a thread that hands it files; one that dies is replaced, and its file tried again."""

    folder: Path
    left: deque[int]
    workers: list[subprocess.Popen[str]] = field(default_factory=list)
    kills: int = 0

    def start(self) -> "subprocess.Popen[str]":
        words = [sys.executable, "-m", "benchmarks.feeds_model", "--serve", str(self.folder)]
        made = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.workers.append(made)
        return made

    def work(self) -> None:
        worker = self.start()
        while self.left:
            try:
                number = self.left.popleft()
            except IndexError:
                break
            if not self.hand(worker, number):
                worker.wait()
                if not loaded(number):
                    self.left.append(number)
                worker = self.start()
        assert worker.stdin
        worker.stdin.close()
        worker.wait()
        connection.close()

    @staticmethod
    def hand(worker: "subprocess.Popen[str]", number: int) -> bool:
        """Whether the worker said that it loaded the file."""
        assert worker.stdin and worker.stdout
        try:
            print(number, file=worker.stdin, flush=True)
        except BrokenPipeError:
            return False
        return bool(worker.stdout.readline())

    def kill_some(self, most: int, until: threading.Event) -> None:
        """Every few seconds some worker is killed with signal 9, whatever it is doing."""
        chance = random.Random(SEED)
        while self.kills < most and not until.wait(chance.uniform(4, 9)):
            alive = [worker for worker in self.workers if worker.poll() is None]
            if alive and self.left:
                chance.choice(alive).kill()
                self.kills += 1


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


def run(*, files: int, rows: int, workers: int, kills: int) -> int:
    """Returns how much the database and the model differ in: 0 is right."""
    prepare()
    sent = model.files(many=files, rows=rows, seed=SEED)
    with tempfile.TemporaryDirectory() as name:
        folder, started, over = Path(name), time.perf_counter(), threading.Event()
        for number, file in enumerate(sent):
            (folder / f"{number}.csv").write_text(model.text(file), encoding="utf-8")
        crew = Crew(folder, deque(range(files)))
        threads = [threading.Thread(target=crew.work) for _ in range(workers)]
        killer = threading.Thread(target=crew.kill_some, args=(kills, over))
        for thread in (*threads, killer):
            thread.start()
        for thread in threads:
            thread.join()
        over.set()
        killer.join()
        took = time.perf_counter() - started
    return report(sent, took=took, kills=crew.kills)


def report(sent: list[list[model.Row]], *, took: float, kills: int) -> int:
    came = [int(one.file.partition(".")[0]) for one in Delivery.objects.order_by("pk")]
    expected = model.after(came, sent)
    faults = list(model.differences(expected, came, found()))
    if sorted(came) != list(range(len(sent))):
        faults.append(f"{len(came)} deliveries, {len(sent)} expected")
    counts = {one.__name__: one.objects.count() for one in (Referral, Victim, Standing)}
    if len(set(counts.values())) != 1:
        faults.append(f"not as many of each: {counts}")
    rows = sum(len(file) for file in sent)
    print(f"{len(sent)} files, {rows:,} rows, {kills} processes killed, {took:.0f} s")
    print(f"{counts['Referral']:,} referrals, {KeptRow.objects.count():,} kept rows")
    print("\n".join(faults) or "Equal to the model, row for row.")
    return len(faults)


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--files", type=int, default=100)
    asked.add_argument("--rows", type=int, default=10_000)
    asked.add_argument("--workers", type=int, default=4)
    asked.add_argument("--kills", type=int, default=20)
    asked.add_argument("--serve", type=Path)
    said = asked.parse_args()
    if said.serve:
        serve(said.serve)
        return 0
    return run(files=said.files, rows=said.rows, workers=said.workers, kills=said.kills)


if __name__ == "__main__":
    sys.exit(main())
