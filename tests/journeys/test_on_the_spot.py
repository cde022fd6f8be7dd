"""A phone is made ready for an event, loses its signal, takes a referral, and sends it once when the signal is back."""

from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import expect

from tests.journeys.conftest import Person
from tests.journeys.served import Site
from tests.journeys.visitor import PHONE, Visitor

EVENT = "Autumn evening at the station"
# Everything that this browser keeps for the site: databases, caches and both storages, as text.
KEPT = """async () => {
  const rows = [];
  for (const { name } of await indexedDB.databases()) {
    const asked = indexedDB.open(name);
    const database = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
    for (const store of database.objectStoreNames) {
      const all = database.transaction(store).objectStore(store).getAll();
      rows.push(await new Promise((done) => { all.onsuccess = () => done(all.result); }));
    }
    database.close();
  }
  const cached = [];
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) cached.push(new URL(request.url).pathname);
  }
  return { rows: JSON.stringify(rows), cached, other: JSON.stringify([{ ...localStorage }, { ...sessionStorage }]) };
}"""


def given_a_phone_that_is_ready(worker: Visitor) -> None:
    worker.open("/on-the-spot/")
    worker.look_at_both_widths()
    card = worker.page.locator(".app-card", has_text=EVENT)
    card.get_by_role("button").click()
    worker.page.wait_for_url("**/spot/")
    expect(worker.page.locator("[data-count]")).to_have_text("0 waiting, 0 sent")
    worker.look()


def when_a_referral_is_taken(worker: Visitor, name: str) -> None:
    page = worker.page
    page.get_by_role("button", name="Keep and send").click()
    expect(page.locator("[data-fault]")).to_be_visible()
    page.locator("#danger-no").check()
    page.locator("#given_name").fill(name)
    page.locator("#age-adult").check()
    page.locator("#happened").select_option(index=1)
    page.locator("#phone").fill("07700 900456")
    page.locator("#safe-yes").check()
    page.get_by_label("In the evening").check()
    page.locator("#agreed").check()
    page.get_by_role("button", name="Keep and send").dblclick()  # an impatient finger: still one entry


def kept(worker: Visitor) -> dict[str, Any]:
    found: dict[str, Any] = worker.page.evaluate(KEPT)
    return found


def then_nothing_on_the_phone_says_who(worker: Visitor, name: str) -> None:
    found = kept(worker)
    assert name not in str(found) and "900456" not in str(found) and "envelope" in found["rows"]
    assert {address.split("/")[1] for address in found["cached"]} == {"spot", "static"}
    assert [address for address in found["cached"] if not address.startswith("/static/")] == ["/spot/"]


def test_a_referral_without_a_signal_arrives_once(person: Person, site: Site) -> None:
    worker = person("triage", size=PHONE)
    given_a_phone_that_is_ready(worker)
    worker.context.set_offline(True)
    worker.page.reload()
    expect(worker.page.locator("[data-count]")).to_have_text("0 waiting, 0 sent")
    when_a_referral_is_taken(worker, "Fictiona Offline")
    expect(worker.page.locator("[data-count]")).to_have_text("1 waiting, 0 sent")
    then_nothing_on_the_phone_says_who(worker, "Fictiona Offline")
    worker.page.reload()
    expect(worker.page.locator("[data-count]")).to_have_text("1 waiting, 0 sent")
    worker.context.set_offline(False)
    expect(worker.page.locator("[data-count]")).to_have_text("0 waiting, 1 sent")
    worker.page.get_by_role("button", name="Send now").click()
    worker.look()
    worker.look_at_both_widths()
    site.work()
    manager = person("hub-manager")
    manager.open("/events/")
    manager.look_at_both_widths()
    manager.follow(EVENT)
    manager.look_at_both_widths()
    manager.sees("taken there", "Wait for a person")
    manager.open("/referrals/?view=all")
    expect(manager.page.locator("main tbody tr", has_text="Fictiona Offline")).to_have_count(1)
    then_signing_out_empties_the_phone(worker)


def then_signing_out_empties_the_phone(worker: Visitor) -> None:
    worker.page.get_by_role("button", name="Sign out and empty this phone").click()
    worker.page.wait_for_url("**/sign-in/**")
    found = kept(worker)
    assert (found["rows"], found["cached"]) == ("[]", [])
    worker.open("/referrals/")
    worker.sees("Sign in")


def test_a_phone_that_the_hub_stopped_forgets_what_it_holds(person: Person) -> None:
    worker = person("triage", size=PHONE)
    given_a_phone_that_is_ready(worker)
    worker.context.set_offline(True)
    when_a_referral_is_taken(worker, "Fictiona Lost")
    expect(worker.page.locator("[data-count]")).to_have_text("1 waiting, 0 sent")
    manager = person("hub-manager")
    manager.open("/events/")
    manager.follow(EVENT)
    while manager.page.get_by_role("button", name="Stop this phone").count():
        manager.press("Stop this phone")
    worker.context.set_offline(False)
    expect(worker.page.locator("[data-word]")).to_contain_text("stopped by the hub")
    assert "envelope" not in kept(worker)["rows"]


def test_a_phone_forgets_everything_when_its_event_is_over(person: Person) -> None:
    worker = person("triage", size=PHONE)
    given_a_phone_that_is_ready(worker)
    worker.context.set_offline(True)
    when_a_referral_is_taken(worker, "Fictiona Toolate")
    expect(worker.page.locator("[data-count]")).to_have_text("1 waiting, 0 sent")
    for days, held in ((0, "1 waiting, 0 sent"), (30, "Nothing is kept on this phone")):
        worker.page.clock.set_system_time(datetime.now(UTC) + timedelta(days=days))
        worker.page.reload()
        expect(worker.page.locator("[data-count]")).to_have_text(held)  # said when the page has looked, and wiped
        expect(worker.page.locator("[data-name]")).to_have_text("On the spot" if days else EVENT)
        assert ("envelope" in kept(worker)["rows"]) is (not days)
    expect(worker.page.locator("[data-word]")).to_contain_text("its time to send has passed")


def test_a_held_entry_is_mended_by_the_hub(person: Person) -> None:
    officer = person("triage")
    officer.open("/events/")
    officer.follow(EVENT)
    officer.follow_in(officer.page.locator("main tbody tr").first)
    officer.sees("The phone number cannot be one")
    officer.look_at_both_widths()
    officer.fill(phone="07700 900900")
    officer.press("Take it in")
    officer.sees("taken there")
