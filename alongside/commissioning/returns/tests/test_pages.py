"""A return by page: a provider fills it in and certifies it, an office asks back and accepts it."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse

from alongside.commissioning.returns import lifecycle, queries
from alongside.commissioning.returns.models import Answer, Arrangement, Paper, Query, Return
from alongside.commissioning.returns.tests.conftest import AUTUMN, Desk
from alongside.commissioning.returns.tests.test_actions import certified, sent, whole
from alongside.commissioning.templates.models import Draft
from alongside.core.models import Event
from alongside.core.rows.realms import Realm, inside

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def at(name: str, *args: object) -> str:
    return reverse(f"returns:{name}", args=args)


def page(client: Client, name: str, *args: object, query: str = "") -> str:
    answer = client.get(at(name, *args) + query)
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", answer.content.decode())


def post(client: Client, name_: str, /, *args: object, **said: Any) -> str:
    answer = client.post(at(name_, *args), said, follow=True)
    return re.sub(r"\s+", " ", answer.content.decode())


def write(client: Client, filing: Return, section: str, **said: Any) -> Any:
    filing.refresh_from_db()
    return client.post(at("write", filing.pk, section), {"stamp": filing.stamp, **said}, follow=True)


def test_a_provider_fills_in_sends_and_certifies_by_page_alone(desk: Desk, filing: Return) -> None:
    client = desk.world.client("service_manager")
    assert "Quarterly return" in page(client, "own_returns")
    shown = page(client, "own_return", filing.pk)
    assert "People and activity" in shown
    assert "to mend before it can be sent" in shown
    assert "Up 9" in page(client, "write", filing.pk, "activity")
    why = {f"{code}_why": "The first quarter." for code in ("q1", "q3", "q6", "q7", "q8", "q9")}
    answer = write(client, filing, "activity", **why)
    assert answer.redirect_chain[-1][0] == at("write", filing.pk, "outcomes"), "the next section follows"
    write(client, filing, "outcomes", q15_why="The first quarter.")
    write(client, filing, "waiting", q18="no")
    write(client, filing, "posts", q20_0_post="Caseworker", q20_0_funded="2", q20_0_filled="1.5", q20_2_post="Manager")
    write(client, filing, "money", q22="£12,500.00", q23_0_line="Wages", q23_0_spent="12,500", q24="All of it spent")
    answer = write(client, filing, "words", q27="More came than we had places for.")
    shown = re.sub(r"\s+", " ", answer.content.decode())
    assert "£12,500.00" in shown
    assert "Manager" in shown
    assert "to mend before it can be sent" not in shown, re.findall(r"To mend: [^<]*", shown)
    filing.refresh_from_db()
    assert "Sent." in post(client, "send", filing.pk, stamp=filing.stamp)
    filing.refresh_from_db()
    assert "I have looked at these figures" in page(client, "certify", filing.pk)
    shown = post(client, "certify", filing.pk, stamp=filing.stamp, name="Testa Manager", post="Chair")
    assert "Tick that you have looked at it" in shown
    shown = post(client, "certify", filing.pk, stamp=filing.stamp, name="Testa Manager", post="Chair", agreed="on")
    assert "Certified" in shown
    assert "Testa Manager, Chair" in shown
    assert "Testa Manager" in page(client, "own_returns")


def test_what_is_typed_wrong_stays_beside_what_is_wrong(desk: Desk, filing: Return) -> None:
    client = desk.world.client("service_manager")
    answer = write(client, filing, "money", q22="a lot", q24="All of it spent", q23_0_line="Wages", q23_0_spent="much")
    shown = answer.content.decode()
    assert "is not a number" in shown
    assert 'value="a lot"' in shown
    assert 'value="much"' in shown
    assert not Answer.objects.filter(filing=filing, question="q24").exists(), "nothing was kept of half a section"
    answer = write(client, filing, "words", q27="word " * 401)
    assert "That is 401 words. Write 400 or fewer" in answer.content.decode()


def test_more_lines_are_there_when_they_are_needed(desk: Desk, filing: Return) -> None:
    client = desk.world.client("service_manager")
    rows = {f"q20_{place}_post": f"Post {place}" for place in range(3)}
    answer = write(client, filing, "posts", again="1", **rows)
    assert answer.redirect_chain[-1][0] == at("write", filing.pk, "posts")
    shown = answer.content.decode()
    assert shown.count('name="q20_5_post"') == 1
    assert 'value="Post 2"' in shown


def test_a_draft_that_was_kept_is_given_back(desk: Desk, filing: Return) -> None:
    client = desk.world.client("service_manager")
    shown = page(client, "write", filing.pk, "words")
    name = re.search(r'data-draft="([^"]+)"', shown)
    assert name
    client.post(reverse("keep_draft"), {"draft": name.group(1), "q27": "Half a sent"})
    shown = page(client, "write", filing.pk, "words")
    assert "Half a sent" in shown
    assert "This is the draft that we kept" in shown
    write(client, filing, "words", q27="Half a sentence.")
    assert "This is the draft" not in page(client, "write", filing.pk, "words")


def test_a_document_comes_is_handed_out_and_taken_out_again(desk: Desk, filing: Return) -> None:
    client, office = desk.world.client("service_manager"), desk.world.client("analyst")
    shown = write(client, filing, "words", q27="Words", q30=SimpleUploadedFile("x.exe", b"MZ\x00\x01")).content.decode()
    assert "The document was not taken" in shown
    assert Answer.objects.get(filing=filing, question="q27").said["value"] == "Words"
    write(client, filing, "words", q27="Words", q30=SimpleUploadedFile("x.pdf", PDF))
    paper = Paper.objects.get()
    assert office.get(at("paper", paper.pk)).status_code == 404, "it was not sent yet"
    Return.objects.update(sent_at=paper.sent_at)
    for reader, name in ((client, "own_paper"), (office, "paper")):
        handed = reader.get(at(name, paper.pk))
        assert handed.content == PDF
        assert handed["Content-Disposition"] == 'attachment; filename="document.pdf"'
    assert desk.world.client("neighbour_manager").get(at("own_paper", paper.pk)).status_code == 404
    post(client, "take_out", paper.pk)
    assert not Paper.objects.exists()


def test_an_office_sees_how_all_stand_asks_back_and_accepts(desk: Desk, filing: Return) -> None:
    filing = certified(desk, filing)
    office, provider = desk.world.client("commissioning_officer"), desk.world.client("service_manager")
    shown = page(office, "returns")
    assert "Lantern Sample Charity" in shown
    assert "Certified" in shown
    shown = page(office, "show_return", filing.pk)
    assert "Accept it" in shown
    assert "Data quality" in shown
    shown = post(office, "ask_back", filing.pk, "q22", words="Is this the whole sum?")
    assert "Is this the whole sum?" in shown
    assert "Is this the whole sum?" in page(provider, "own_return", filing.pk)
    query = Query.objects.get()
    assert "It is: wages." in post(provider, "own_reply", query.pk, words="It is: wages.")
    assert "Say more." in post(office, "reply", query.pk, words="Say more.")
    post(office, "settle", query.pk)
    write(provider, filing, "money", q22="13000", q23_0_line="Wages", q23_0_spent="13000", q24="All of it spent")
    filing.refresh_from_db()
    post(provider, "send", filing.pk, stamp=filing.stamp)
    shown = page(office, "show_return", filing.pk)
    assert "What changed from sending 1 to 2" in shown
    assert "£13,000.00" in shown
    filing.refresh_from_db()
    post(provider, "certify", filing.pk, stamp=filing.stamp, name="A", post="B", agreed="on")
    assert "Accepted" in post(office, "lock", filing.pk)
    assert "Opened again" in post(office, "reopen", filing.pk, why="A line was missing.")
    assert "A line was missing." in page(provider, "own_return", filing.pk)


def test_a_figure_opens_into_how_it_was_counted(desk: Desk, filing: Return) -> None:
    office = desk.world.client("commissioning_officer")
    shown = page(office, "show_return", sent(desk, filing).pk)
    ref = re.search(r'href="(/quarter/figure/\?ref=victims_supported[^"]+)"', shown)
    assert ref
    opened = office.get(ref.group(1).replace("&amp;", "&")).content.decode()
    assert "Lantern Sample Charity" in opened
    assert ">9<" in re.sub(r"\s+", "", opened)


def test_the_office_sees_what_was_sent_and_not_what_is_being_written(desk: Desk, filing: Return) -> None:
    office = desk.world.client("commissioning_officer")
    desk.answer(filing, {"q27": {"value": "Half a thought"}})
    shown = page(office, "show_return", filing.pk)
    assert "It has not been sent yet" in shown
    assert "Half a thought" not in shown
    filing = certified(desk, filing)
    post(office, "ask_back", filing.pk, "q27", words="What do you mean?")
    desk.answer(filing, {"q27": {"value": "Another half"}})
    shown = page(office, "show_return", filing.pk)
    assert "More people came than we had places for." in shown
    assert "This is what was sent last" in shown
    assert "Another half" not in shown
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), inside(Realm.COMMISSIONING):
        Answer.objects.first()


def test_a_draft_is_tried_on_a_providers_last_quarter_and_nothing_is_kept(desk: Desk) -> None:
    office = desk.world.client("commissioning_officer")
    office.post(reverse("templates:begin_draft", args=["quarterly"]))
    draft = Draft.objects.get()
    assert "Try it on the last quarter" in office.get(reverse("templates:draft", args=[draft.pk])).content.decode()
    assert "Choose" in page(office, "try_out", draft.pk)
    shown = page(office, "try_out", draft.pk, query=f"?provider={desk.world.provider.pk}&size=standard")
    assert "Lantern Sample Charity, Quarter" in shown
    assert "Victims supported, by crime" in shown
    assert "Choose a provider" in page(office, "try_out", draft.pk, query="?provider=&size=standard")
    assert not Return.objects.exists()
    assert desk.world.client("analyst").get(at("try_out", draft.pk)).status_code in (403, 404)


def test_who_answers_what_is_set_up_changed_and_ended_by_page(desk: Desk) -> None:
    office = desk.world.client("commissioning_officer")
    assert "Nobody answers a template yet" in page(office, "arrangements")
    said = {"provider": desk.world.provider.pk, "template": "quarterly", "size": "small", "since": "2026Q2"}
    quarters = page(office, "arrange")
    said["since"] = re.findall(r'value="(\d{4}Q\d)"', quarters)[0]
    assert "Set up." in post(office, "arrange", **said)
    assert "answer this template already" in post(office, "arrange", **said)
    one = Arrangement.objects.get()
    post(office, "change", one.pk, size="large")
    one.refresh_from_db()
    assert one.size == "large"
    assert "It begins after that" not in post(office, "change", one.pk, size="large", last=said["since"])
    one.refresh_from_db()
    assert one.until is not None


def test_a_return_leaves_as_a_file_with_definitions_and_references(desk: Desk, filing: Return) -> None:
    filing = sent(desk, filing)
    made = desk.world.client("commissioning_officer").post(at("export", filing.pk), {"fmt": "csv"})
    text = made.content.decode("utf-8-sig")
    assert "victims_supported@" in text
    assert "£12,500.00" in text
    assert made["Content-Disposition"] == 'attachment; filename="return-2026q2.csv"'
    assert desk.world.client("service_manager").post(at("own_export", filing.pk), {"fmt": "xlsx"}).status_code == 200
    assert desk.world.client("service_manager").post(at("own_export", filing.pk), {"fmt": "pdf"}).status_code == 404
    assert Event.objects.filter(name="export.made").count() == 2


def test_nobody_else_sees_a_return_and_no_provider_sees_anothers(desk: Desk, filing: Return) -> None:
    for person in ("neighbour_manager", "caseworker", "far_caseworker", "referrer", "triage_officer", "board_member"):
        client = desk.world.client(person)
        for name in ("own_return", "show_return"):
            assert client.get(at(name, filing.pk)).status_code in (403, 404), (person, name)
    analyst = desk.world.client("analyst")
    assert analyst.get(at("show_return", filing.pk)).status_code == 200
    assert analyst.get(at("ask_back", filing.pk, "q1")).status_code == 403
    assert analyst.get(at("arrange")).status_code == 403
    assert "Nothing" not in page(analyst, "arrangements")


def test_pages_say_what_is_wrong_with_an_address(desk: Desk, filing: Return) -> None:
    client, office = desk.world.client("service_manager"), desk.world.client("commissioning_officer")
    assert client.get(at("write", filing.pk, "nothing")).status_code == 404
    assert office.get(at("ask_back", filing.pk, "q999")).status_code == 404
    assert client.get(at("certify", filing.pk)).status_code == 302, "nothing was sent yet"
    assert "There is no return yet" in page(office, "returns", query="?quarter=1999Q1")
    assert "Lantern" in page(office, "returns", query="?quarter=x&sort=-quality&state=OPEN")
    assert "0 of 1 shown" in page(office, "returns", query="?quarter=2026Q2&state=LOCKED")


def test_late_is_said_and_sorted(desk: Desk, filing: Return) -> None:
    late = queries.standings(desk.world.actor("analyst"), queries.quarters(desk.world.actor("analyst"))[0],
                             filing.due_on.replace(year=2027))  # fmt: skip
    assert [one.late for one in late] == [True]
    filing = whole(desk, filing)
    assert desk.now(filing).state == lifecycle.OPEN
    assert AUTUMN
