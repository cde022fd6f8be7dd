"""What leaves is recorded, held against what left before, and gives nobody away; through the pages too."""

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from alongside.commissioning.publications import actions, queries
from alongside.commissioning.publications.models import Publication
from alongside.commissioning.publications.rules import NOT_SHOWN, Policy, cells, digest, from_json
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.periods import Quarter
from alongside.core.rows import realms
from alongside.core.rows.realms import Realm
from alongside.facts.measures import queries as measures
from alongside.facts.measures.differencing import heard
from alongside.facts.measures.models import Dimension, Manifest
from alongside.facts.measures.rules import Breakdown, Figure, Method
from alongside.facts.measures.suppression import candidates
from alongside.foundation.office.rulebook import actions as rulebook
from tests.story import DAY, LAST, Story
from tests.world import World

Q = Quarter.parse("2026Q2")
ROUNDED, HIDDEN = Policy(Method.ROUNDING, 3, 7, 1), Policy(Method.SUPPRESSION, 5, 7, 1)
RECEIVED = measures.of_quarter("referrals_received", Q).key
SEVEN = ("burglary", "theft", "robbery", "fraud", "vehicle_crime", "stalking", "domestic_abuse")
Rows = list[dict[str, str]]


def supported(story: Story, number: int, **words: Any) -> None:
    for _ in range(number):
        story.contact(story.case(story.referral(**words)))


def take(story: Story, person: str = "analyst", quarter: str = "2026Q2") -> Rows:
    """The file as somebody takes it through the page; its lines of notes at the end."""
    answer = story.world.client(person).post(reverse("quarters:export", args=[quarter]), {"fmt": "csv"})
    assert answer.status_code == 200, answer.headers
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))


def of(rows: Rows, by: str = "All", measure: str = "Referrals received", quarter: str = "2026Q2") -> dict[str, str]:
    return {row["Group"]: row["Figure"] for row in rows if (row["Measure"], row["Quarter"], row["By"])
            == (measure, quarter, by)}  # fmt: skip


def by_(story: Story, person: str = "analyst") -> Actor:
    return story.world.actor(person)


def hides(story: Story, **changes: object) -> None:
    """The office's rulebook says from today that small numbers are hidden."""
    administrator, now = by_(story, "office_administrator"), timezone.now()
    row = queries.rulebook.rule(queries.BOOK, queries.LEAVING, now.date())
    rulebook.revise(
        row.book, row.code, title=row.title, body={**row.body, "hides": True, **changes}, source="Office decision",
        since=now.date(), by=administrator, at=now,
    )  # fmt: skip


def leaving(manifest: Manifest, under: Policy, *bys: Dimension, name: str = "referrals_received") -> list[Figure]:
    return list(queries.leaving(
        measures.measure(name), Q, [(each,) for each in bys], manifest=manifest, area="west-midlands", under=under
    ))  # fmt: skip


def publish(story: Story, manifest: Manifest, under: Policy, *bys: Dimension) -> actions.Published:
    return actions.publish(
        Publication.Kind.QUARTER, leaving(manifest, under, *bys), quarters=[Q], area="west-midlands",
        manifest=manifest, under=under, by=by_(story), at=timezone.now(),
    )  # fmt: skip


def test_a_file_that_leaves_is_recorded_with_what_it_showed(story: Story) -> None:
    supported(story, 12)
    supported(story, 3, crime_type="theft")
    code = story.snapshot().code
    rows = take(story)
    made = Publication.objects.get()
    assert (made.snapshot, made.method, made.rule_version, made.quarters) == (code, "rounding", 1, ["2026Q2", "2025Q2"])
    told = {(cell.measure, cell.part, cell.group): cell.shown for cell in queries.cells_of([made]) if
            cell.quarter == "2026Q2"}  # fmt: skip
    assert told[RECEIVED, "n", frozenset()] == 15 == int(of(rows)["All"])
    assert told[RECEIVED, "n", frozenset({("crime_type", "theft")})] == 5
    event = Event.objects.get(name="figures.published")
    assert (event.subject, event.user_id) == (made.pk, story.world.people["analyst"].pk)
    assert event.details == {"kind": "quarter", "quarter": "2026Q2", "held": len(made.held)}
    assert any("rounding" in row["Measure"] for row in rows) and any("leaving@1" in row["Measure"] for row in rows)


def test_the_same_table_again_is_recorded_without_its_cells(story: Story) -> None:
    supported(story, 9)
    story.snapshot()
    take(story)
    take(story, "commissioning_officer")
    first, second = Publication.objects.order_by("made_at")
    assert second.same_as == first and second.cells == [] and second.digest == first.digest
    assert second.checked == [first.pk]


def test_a_total_of_a_few_is_not_told_apart_into_as_many(story: Story) -> None:
    """Seven people of seven crimes: each group shown as 5, with a total of 5, would be exactly one."""
    for crime in SEVEN:
        supported(story, 1, crime_type=crime)
    story.snapshot()
    rows = take(story)
    assert of(rows) == {"All": "5"}
    assert of(rows, "Crime type") == {NOT_SHOWN: NOT_SHOWN}
    assert any("would tell a small number" in row["Measure"] for row in rows)
    held = Publication.objects.get().held
    assert [RECEIVED, "2026Q2", ["crime_type"]] in held


def test_for_some_days_what_leaves_is_of_the_same_night(story: Story) -> None:
    supported(story, 7)
    first = story.snapshot().code
    before = of(take(story))
    supported(story, 1)
    story.snapshot(as_at=LAST + DAY)
    assert of(take(story)) == before == {"All": "5"}
    assert set(Publication.objects.values_list("snapshot", flat=True)) == {first}
    Publication.objects.update(made_at=timezone.now() - timedelta(days=8))
    assert of(take(story)) == {"All": "10"}


def test_a_night_that_is_gone_is_not_replaced_by_the_next(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    supported(story, 9)
    first = story.snapshot()
    take(story)
    second = measures.snapshot(story.snapshot(as_at=LAST + DAY).code)
    Publication.objects.update(snapshot="20200101-0000-gone")
    with pytest.raises(RuleBroken, match="that snapshot is gone"):
        queries.snapshot_to_leave(second, [Q], area="west-midlands", by=by_(story), at=timezone.now())
    answer = story.world.client("analyst").post(reverse("quarters:export", args=["2026Q2"]), {"fmt": "csv"})
    assert answer.status_code == 302
    page = story.world.client("analyst").post(reverse("quarters:export", args=["2026Q2"]), {"fmt": "csv"}, follow=True)
    assert "that snapshot is gone" in page.content.decode()
    assert first.code != second.code


@pytest.mark.parametrize("new", [1, 3, 7])
def test_exact_totals_of_two_nights_do_not_both_leave(story: Story, new: int) -> None:
    supported(story, 20)
    first = measures.snapshot(story.snapshot().code)
    publish(story, first, HIDDEN)
    supported(story, new)
    second = measures.snapshot(story.snapshot(as_at=LAST + DAY).code)
    with pytest.raises(RuleBroken, match="it would tell a number under 8"):
        publish(story, second, HIDDEN)
    assert Publication.objects.count() == 1
    with pytest.raises(RuleBroken, match="it would tell"):  # rounded it would say within five
        publish(story, second, Policy(Method.ROUNDING, 6, 7, 1))


def test_exact_totals_that_are_the_same_or_far_apart_both_leave(story: Story) -> None:
    supported(story, 20)
    publish(story, measures.snapshot(story.snapshot().code), HIDDEN)
    publish(story, measures.snapshot(story.snapshot(as_at=LAST + DAY).code), HIDDEN)
    supported(story, 8)
    publish(story, measures.snapshot(story.snapshot(as_at=LAST + 2 * DAY).code), HIDDEN)
    assert Publication.objects.count() == 3


def test_an_office_that_hides_shows_exact_numbers_and_hides_small_ones(story: Story) -> None:
    hides(story)
    supported(story, 23)
    supported(story, 11, crime_type="theft")
    supported(story, 2, crime_type="robbery")
    story.snapshot()
    rows = take(story)
    assert of(rows) == {"All": "36"}
    crimes = of(rows, "Crime type")
    assert sorted(crimes.values()).count(NOT_SHOWN) == 2 and set(crimes.values()) & {"23", "11"}
    assert any("Protected by hiding" in row["Measure"] for row in rows)
    assert any("leaving@2" in row["Measure"] for row in rows)
    made = Publication.objects.get()
    assert (made.method, made.width, made.rule_version) == ("suppression", 5, 2)
    assert any(row[4] is None for row in made.cells)


def test_rates_of_hidden_numbers_are_hidden(story: Story) -> None:
    supported(story, 12)
    supported(story, 3, crime_type="theft")
    manifest = measures.snapshot(story.snapshot().code)
    for name in ("days_to_first_contact", "referred_within_two_working_days"):
        figures = leaving(manifest, HIDDEN, Dimension.CRIME_TYPE, name=name)
        total, few = figures[0], next(each for each in figures if ("crime_type", "theft") in each.group)
        assert total.n == 15 and total.value is not None and total.protected
        assert few.withheld and few.n is None and few.value is None and few.coverage is None and few.parts == {}


def test_an_attack_by_two_filters_through_the_pages_tells_nothing_small(story: Story) -> None:
    """A commissioner takes the table, opens other filters by their references, subtracts, and learns nothing.

    Of the 23 of the area all but two are of one crime. What left is rounded; the figure of one filter less the figure
    of another is known within five at the least; and a crossing of few is answered like an empty one.
    """
    supported(story, 21)
    supported(story, 2, crime_type="theft", council="E08000025")
    story.snapshot()
    rows = take(story, "commissioning_officer")
    whole, part = int(of(rows)["All"]), int(of(rows, "Crime type")["Burglary"])
    low, high = heard(whole, Method.ROUNDING), heard(part, Method.ROUNDING)
    assert candidates((max(0, low[0] - high[1]), low[1] - high[0])) >= 5
    refs = {row["Group"]: row["Reference"] for row in rows if row["By"] == "Crime type" and row["Reference"]
            and row["Measure"] == "Referrals received" and row["Quarter"] == "2026Q2"}  # fmt: skip
    client = story.world.client("commissioning_officer")
    opened = client.get(reverse("quarters:figure"), {"ref": refs["Burglary"]}).content.decode()
    assert ">20<" in opened and ">21<" not in opened
    few = client.get(reverse("quarters:figure"), {"ref": refs["Other theft"] + ",council=E08000025"})
    none = client.get(reverse("quarters:figure"), {"ref": refs["Other theft"] + ",council=E08000031"})
    assert (few.status_code, few.content) == (404, none.content)
    for row in rows:
        for number in (row["Numerator"], row["Count"]):
            assert not number or int(number) % 5 == 0


def test_two_nights_subtracted_through_the_pages_move_by_whole_steps(story: Story) -> None:
    supported(story, 20)
    story.snapshot()
    before = of(take(story, "commissioning_officer"))
    for night in range(1, 4):
        supported(story, 1)
        story.snapshot(as_at=LAST + night * DAY)
        assert of(take(story, "commissioning_officer")) == before, "the same night leaves again"
    board = story.world.client("board_member").get(reverse("quarters:quarter", args=["2026Q2"])).content.decode()
    assert "25" in board and ">23<" not in board


def test_the_offices_pages_list_what_left_and_show_one(story: Story) -> None:
    for crime in SEVEN:
        supported(story, 1, crime_type=crime)
    story.snapshot()
    take(story)
    take(story, "commissioning_officer")
    client = story.world.client("board_member")
    page = client.get(reverse("publications:publications")).content.decode()
    assert page.count("Figures of a quarter</td>") == 2 and "Rounded" in page
    assert "Figures of a quarter</td>" in client.get(reverse("publications:publications"), {"q": "referrals"}).text
    for nothing in ({"q": "zebra"}, {"kind": "centres"}):
        assert "Figures of a quarter</td>" not in client.get(reverse("publications:publications"), nothing).text
    assert "Figures of a quarter</td>" in client.get(reverse("publications:publications"), {"quarter": "2025Q2"}).text
    first, second = Publication.objects.order_by("made_at")
    one = client.get(reverse("publications:publication", args=[second.pk])).text
    assert "shows the same as" in one and "1 table that left before" in one and "leaving@1" in one
    own = client.get(reverse("publications:publication", args=[first.pk]),
                     {"measure": RECEIVED, "quarter": "2026Q2"}).text  # fmt: skip
    for words in ("the first of its quarters", "by crime type", "Source: Police feed"):
        assert words in own, words
    Publication.objects.update(snapshot="gone", measures=["no_such@1"], made_by=first.pk)
    gone = client.get(reverse("publications:publication", args=[first.pk])).text
    assert "no_such@1" in gone and "Somebody who has left" in gone


def test_hidden_numbers_are_said_to_be_hidden_on_the_page(story: Story) -> None:
    supported(story, 12)
    supported(story, 3, crime_type="theft")
    made = publish(story, measures.snapshot(story.snapshot().code), HIDDEN, Dimension.CRIME_TYPE).publication
    page = story.world.client("analyst").get(reverse("publications:publication", args=[made.pk])).text
    assert NOT_SHOWN in page and "Small numbers hidden" in page


def test_reporting_centres_are_published_too(story: Story) -> None:
    supported(story, 1)
    story.snapshot()
    answer = story.world.client("analyst").post(reverse("oversight:export", args=["2026Q2"]))
    assert answer.status_code == 200
    assert Publication.objects.get().kind == "centres"
    assert story.world.client("analyst").post(reverse("oversight:export", args=["1999Q1"])).status_code == 404
    Publication.objects.update(snapshot="gone")
    assert story.world.client("analyst").post(reverse("oversight:export", args=["2026Q2"])).status_code == 302


def test_a_neighbouring_office_and_a_provider_see_none_of_it(story: Story) -> None:
    supported(story, 9)
    story.snapshot()
    take(story)
    made = Publication.objects.get()
    far = Actor(realm=Realm.COMMISSIONING, organisation_id=story.world.far_hub.pk)
    assert not Publication.objects.visible_to(far).exists()
    assert not queries.earlier([Q], area="west-midlands", by=far).exists()
    for person in ("triage_officer", "hub_manager", "caseworker", "service_manager", "referrer"):
        client = story.world.client(person)
        assert client.get(reverse("publications:publications")).status_code == 403
        assert client.get(reverse("publications:publication", args=[made.pk])).status_code == 404


@pytest.mark.parametrize("realm", [Realm.HUB, Realm.PROVIDER, Realm.PUBLIC, Realm.REFERRER])
def test_no_other_realm_may_ask_for_publications(world: World, realm: Realm) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(),
        realms.inside(realm, orgs=[world.body.pk]), connection.cursor() as cursor,
    ):  # fmt: skip
        cursor.execute("SELECT count(*) FROM publications_publication")


def test_row_security_shows_an_office_its_own_and_lets_nobody_change_it(story: Story) -> None:
    supported(story, 9)
    story.snapshot()
    take(story)
    for orgs, seen in (([story.world.body.pk], 1), ([story.world.far_hub.pk], 0)):
        with realms.inside(Realm.COMMISSIONING, orgs=orgs):
            assert Publication.objects.count() == seen
    with (
        pytest.raises(ProgrammingError),
        transaction.atomic(),
        realms.inside(Realm.COMMISSIONING, orgs=[story.world.body.pk]),
    ):
        Publication.objects.update(held=[])


def test_cells_come_back_as_they_were_kept(story: Story) -> None:
    supported(story, 9)
    figures = leaving(measures.snapshot(story.snapshot().code), ROUNDED, Dimension.SOURCE)
    told = cells(figures, Method.ROUNDING)
    kept = Publication(cells=actions.rules.as_json(told))
    assert set(from_json(kept.cells, told[0].snapshot, Method.ROUNDING)) == set(told)
    assert digest(kept.cells, "a", Method.ROUNDING) != digest(kept.cells, "b", Method.ROUNDING)


def test_where_everything_keeps_telling_everything_stays(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    supported(story, 9)
    manifest = measures.snapshot(story.snapshot().code)
    monkeypatch.setattr(actions, "telling", lambda *_: {Breakdown("another@1", "2026Q2")})
    with pytest.raises(RuleBroken, match="cannot leave"):
        publish(story, manifest, ROUNDED)
