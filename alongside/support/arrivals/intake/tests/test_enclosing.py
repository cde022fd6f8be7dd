"""Documents on the partner's form: added while writing, kept with the draft, taken out, sent, and never a service's."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from alongside.core.models import Draft, Event, PersonKey
from alongside.foundation.office.documents.rules import MOST_BYTES
from alongside.support.arrivals.intake.tests.test_actions import FORM
from alongside.support.arrivals.intake.tests.visitors import known_postcode, page
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.threads import actions, jobs, queries
from alongside.support.arrivals.threads.models import Attachment, Enclosure, Post
from tests.world import World

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF"
TEXT = b"Risk assessment of Testina Sampleford"


@pytest.fixture
def partner(world: World) -> Client:
    known_postcode()
    return world.client("referrer")


def file(content: bytes = PDF, name: str = "Testina risk.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def add(client: Client, content: bytes = PDF, name: str = "Testina risk.pdf", **typed: Any) -> str:
    answer = client.post("/refer/documents/", {**typed, "file": file(content, name)}, follow=True)
    assert answer.redirect_chain == [("/refer/#documents", 302)]
    return str(answer.content.decode())


def test_a_document_is_added_while_writing_and_what_was_typed_is_given_back(world: World, partner: Client) -> None:
    shown = add(partner, given_name="Testina", consent="yes")
    assert "The document is added." in shown and "Testina risk.pdf" in shown and 'value="Testina"' in shown
    one = Enclosure.objects.get()
    assert (one.kind, one.size, one.user_id) == ("pdf", len(PDF), world.people["referrer"].pk)
    assert b"Testina" not in bytes(one.called) and PDF not in bytes(one.content)
    assert "Testina risk.pdf" in page(partner, "/refer/"), "it is there after signing in again"
    assert "Testina" not in str(list(Event.objects.values_list("details", flat=True)))


def test_it_is_taken_out_again_and_what_was_typed_stays(world: World, partner: Client) -> None:
    add(partner)
    where = f"/refer/documents/{Enclosure.objects.get().pk}/take-out/"
    shown = partner.post(where, {"given_name": "Testina"}, follow=True).content.decode()
    assert "taken out" in shown and 'value="Testina"' in shown and "risk.pdf" not in shown
    assert not Enclosure.objects.exists() and partner.post(where).status_code == 404


def test_documents_go_with_the_referral_and_triage_opens_them_from_its_page(world: World, partner: Client) -> None:
    add(partner)
    add(partner, TEXT, "notes.txt")
    assert partner.post("/refer/", FORM).status_code == 302
    referral = Referral.objects.get()
    held = list(Attachment.objects.order_by("added_at", "pk"))
    assert {one.kind for one in held} == {"pdf", "txt"} and not Enclosure.objects.exists()
    assert {queries.content(one) for one in held} == {PDF, TEXT} and not Draft.objects.exists()
    officer = world.client("triage_officer")
    shown = page(officer, f"/referrals/{referral.pk}/")
    assert "Testina risk.pdf" in shown and "notes.txt" in shown and "No service sees a document unless" in shown
    text = next(one for one in held if one.kind == "txt")
    answer = officer.get(f"/referrals/documents/{text.pk}/")
    assert answer.content == TEXT and "Testina" not in answer.headers["Content-Disposition"]
    assert "Answers from referrers" in page(officer, "/referrals/questions/")
    assert referral.reference not in page(officer, "/referrals/questions/"), "nothing waits to be answered"
    assert "Sent with the referral." in page(officer, f"/referrals/{referral.pk}/questions/")
    for person in ("far_triage_officer", "caseworker", "officer", "referrer"):
        assert world.client(person).get(f"/referrals/documents/{text.pk}/").status_code in (403, 404)


def test_a_document_that_was_chosen_and_not_added_goes_too(world: World, partner: Client) -> None:
    assert partner.post("/refer/", {**FORM, "file": file()}).status_code == 302
    assert Attachment.objects.get().standing_id == Referral.objects.get().pk


def test_sent_twice_it_is_there_once(world: World, partner: Client) -> None:
    add(partner)
    for _ in range(2):
        partner.post("/refer/", {**FORM, "token": "018f0000-0000-7000-8000-000000000001"})
    assert (Referral.objects.count(), Attachment.objects.count(), Post.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"MZ\x90\x00\x03", "letter.pdf", "Choose a PDF, a JPEG or PNG picture"),
        (b"PK\x03\x04 [Content_Types].xml", "letter.docx", "Save it as a PDF"),
        (b"%PDF-1.7 /JavaScript (x)", "form.pdf", "Print it to a new PDF"),
        (b"", "empty.pdf", "An empty file cannot be sent"),
        (b"%PDF-" + b"x" * MOST_BYTES, "long.pdf", "2.5 MB or less"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_in_words_that_say_what_to_do(
    world: World, partner: Client, content: bytes, name: str, words: str
) -> None:
    assert words in add(partner, content, name, given_name="Testina")
    refused = partner.post("/refer/", {**FORM, "file": file(content, name)}).content.decode()
    assert words in refused and not Enclosure.objects.exists() and not Referral.objects.exists()


def test_nothing_chosen_is_said_so_and_there_are_so_many_at_most(world: World, partner: Client) -> None:
    answer = partner.post("/refer/documents/", {"given_name": "Testina"}, follow=True).content.decode()
    assert "Choose a document first" in answer
    for number in range(5):
        add(partner, name=f"{number}.pdf")
    assert "A referral takes 5 documents" in add(partner) and Enclosure.objects.count() == 5
    assert partner.get("/refer/documents/").status_code == 302


def test_without_agreement_nothing_of_it_is_kept(world: World, partner: Client) -> None:
    add(partner)
    partner.post("/refer/", {**FORM, "consent": "no"})
    assert not Enclosure.objects.exists() and not Attachment.objects.exists()


def test_a_colleague_and_a_neighbour_see_nothing_of_what_somebody_chose(world: World, partner: Client) -> None:
    add(partner)
    where = f"/refer/documents/{Enclosure.objects.get().pk}/take-out/"
    for person in ("triage_officer", "officer", "caseworker"):
        assert world.client(person).post(where).status_code in (403, 404)
    assert "risk.pdf" not in page(world.client("officer"), "/refer/")
    assert Enclosure.objects.count() == 1


def test_what_was_never_sent_is_forgotten_with_its_draft(world: World, partner: Client) -> None:
    add(partner)
    jobs.forget_enclosed.func(timestamp=1)
    assert Enclosure.objects.count() == 1
    Enclosure.objects.update(added_at=timezone.now() - timedelta(days=8))
    assert "risk.pdf" not in page(partner, "/refer/")
    assert actions.forget_enclosed(at=timezone.now()) == 1
    assert PersonKey.objects.filter(person_id=world.people["referrer"].pk).exists(), "drafts are sealed by it too"
