"""`alongside feed load`: the receipt, or why not."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from alongside.support.arrivals.feeds.models import Delivery
from alongside.support.arrivals.feeds.tests.samples import sample
from alongside.support.arrivals.feeds.tests.test_actions import feed
from tests.world import World

pytestmark = pytest.mark.django_db


def run(*words: object) -> str:
    out = StringIO()
    call_command("feed", "load", *map(str, words), stdout=out)
    return out.getvalue()


def test_the_receipt_is_printed_as_json_and_adds_up(world: World, tmp_path: Path) -> None:
    path = feed(tmp_path, sample(), sample(source_ref="WM/2", consent="no"), sample(source_ref="WM/3", phone="?"))
    found: dict[str, Any] = json.loads(run(path, "--source", "test-force", "--json"))
    assert list(found)[:4] == ["file", "sha256", "charset", "sent"]
    assert (found["sent"], found["accepted"], found["held"], found["rejected"]) == (
        3, 1, {"no_consent": 1}, {"phone:bad_phone": 1}
    )  # fmt: skip


def test_the_receipt_is_printed_in_words(world: World, tmp_path: Path) -> None:
    shown = run(feed(tmp_path, sample(), sample(source_ref="WM/2", phone="?")))
    assert "sent       2" in shown and "rejected   1  phone:bad_phone" in shown


def test_a_refused_file_says_why_and_changes_nothing(world: World, tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.touch()
    out = StringIO()
    with pytest.raises(CommandError, match="The file is empty"):
        call_command("feed", "load", str(path), "--json", stdout=out)
    assert json.loads(out.getvalue())["refused"] == "empty_file"
    assert not Delivery.objects.exists()


def test_the_source_must_be_a_force_and_is_asked_for_where_there_are_several(world: World, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Forces: test-force"):
        run(feed(tmp_path, sample()), "--source", "test-hub")


def test_a_file_that_is_not_there_is_said_so(world: World, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no file"):
        run(tmp_path / "none.csv")
