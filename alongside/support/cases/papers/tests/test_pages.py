"""The pages of documents passed on: the hub's card and form, and what the provider reads and downloads."""

import pytest

from alongside.core.models import PersonKey
from alongside.support.arrivals.referrals.models import Offer
from alongside.support.cases.casework.tests.cases import accepted, offered
from alongside.support.cases.papers.models import Passed
from alongside.support.cases.papers.tests.passing import TEXT, WHAT, attached, on_a_case, passed, read
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db
GIVEN = {"what": WHAT, "checked": "on"}


def referral_page(world: World, pk: object) -> str:
    return str(world.client("triage_officer").get(f"/referrals/{pk}/").content.decode())


def test_the_officer_reads_it_passes_it_on_and_takes_it_back(world: World) -> None:
    case = accepted(world)
    document, client = attached(world, case.referral_id), world.client("triage_officer")
    assert "Pass on to Lantern Sample Charity" in referral_page(world, case.referral_id)
    form = f"/referrals/documents/{document.pk}/pass-on/"
    assert "You have not opened this document" in client.get(form).content.decode()
    assert "have not opened" in client.post(form, GIVEN).content.decode()
    read(world, document)
    assert "You have not opened this document" not in client.get(form).content.decode()
    assert "Read it, and tick this" in client.post(form, {"what": WHAT}).content.decode()
    done = client.post(form, GIVEN, follow=True).content.decode()
    assert "Passed on to Lantern Sample Charity" in done and "Not opened by them" in done and "Testa Triage" in done
    assert "already" in client.get(form).content.decode()
    back = f"/referrals/documents/passed-on/{Passed.objects.get().pk}/take-back/"
    done = client.post(back, follow=True).content.decode()
    assert "The document is taken back" in done and "may have kept it" not in done
    assert "had not been opened" in done and "Pass on to Lantern" in done
    again = client.post(back, follow=True).content.decode()
    assert "The document is taken back" not in again


def test_the_provider_finds_it_on_the_case_and_the_hub_reads_that_it_was_opened(world: World) -> None:
    case, one = on_a_case(world)
    page = world.client("caseworker").get(f"/casework/cases/{case.pk}/").content.decode()
    assert WHAT in page and "Testina Sampleford.txt" not in page
    assert "1 document that nobody here has opened" in page
    for _ in range(2):
        file = world.client("caseworker").get(f"/casework/documents/{one.pk}/")
        assert file.content == TEXT and file["X-Content-Type-Options"] == "nosniff"
        assert file["Content-Disposition"] == f'attachment; filename="{case.reference}-{one.pk.hex[-4:]}.txt"'
    page = world.client("caseworker").get(f"/casework/cases/{case.pk}/").content.decode()
    assert WHAT in page and "nobody here has opened" not in page
    assert "Opened by Lantern Sample Charity" in referral_page(world, case.referral_id)
    back = f"/referrals/documents/passed-on/{one.pk}/take-back/"
    done = world.client("triage_officer").post(back, follow=True).content.decode()
    assert "may have kept it" in done and "2 times in all" in done
    page = world.client("caseworker").get(f"/casework/cases/{case.pk}/").content.decode()
    assert WHAT not in page
    assert world.client("caseworker").get(f"/casework/documents/{one.pk}/").status_code == 404


def test_what_is_chosen_at_the_offer_says_when_they_will_see_it(world: World) -> None:
    offer = offered(world)
    document, client = attached(world, offer.referral_id), world.client("triage_officer")
    read(world, document)
    form = f"/referrals/documents/{document.pk}/pass-on/"
    assert "Once they accept, and never if they decline" in client.get(form).content.decode()
    assert "once they have accepted" in client.post(form, GIVEN, follow=True).content.decode()
    assert "Waits for the service" in referral_page(world, offer.referral_id)
    Passed.objects.update(state="LAPSED", ended_at=world.now)
    assert "never saw it" in referral_page(world, offer.referral_id)


def test_a_referral_that_no_service_has_says_so_and_passes_nothing_on(world: World) -> None:
    offer = offered(world)
    document, client = attached(world, offer.referral_id), world.client("triage_officer")
    Offer.objects.update(state="DECLINED")
    page = referral_page(world, offer.referral_id)
    assert "Testina Sampleford.txt" in page and "Pass on to" not in page
    form = f"/referrals/documents/{document.pk}/pass-on/"
    assert "No service has this referral now" in client.get(form).content.decode()
    assert client.post(form, GIVEN).status_code == 200 and not Passed.objects.exists()


def test_the_officer_is_warned_where_they_live_is_protected(world: World) -> None:
    case = accepted(world)
    document = attached(world, case.referral_id)
    Victim.objects.update(location_protected=True)
    page = world.client("triage_officer").get(f"/referrals/documents/{document.pk}/pass-on/").content.decode()
    assert "Where this person lives is protected" in page


def test_a_referral_without_documents_shows_no_card(world: World) -> None:
    case = accepted(world)
    assert "Documents that came with it" not in referral_page(world, case.referral_id)
    page = world.client("caseworker").get(f"/casework/cases/{case.pk}/").content.decode()
    assert "Documents from the hub" not in page


def test_what_is_left_of_a_document_whose_case_is_gone_is_not_there(world: World) -> None:
    _, one = on_a_case(world)
    Passed.objects.update(offer_id=one.pk)
    assert world.client("caseworker").get(f"/casework/documents/{one.pk}/").status_code == 404
    assert PersonKey.objects.filter(person_id=one.victim_id).exists()


def test_nobody_who_chose_is_named_where_nobody_is_known(world: World) -> None:
    _, one = on_a_case(world)
    Passed.objects.update(chosen_by=None)
    assert "Chosen," in referral_page(world, one.referral_id)
    assert passed(world, attached(world, one.referral_id)).pk
