"""Signing in: our own look on every page, the second factor required, sessions ended when they should be."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from alongside.foundation.office.accounts.adapter import SealedFactors
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.accounts.queries import GATE, TURNS
from tests.world import World

pytestmark = pytest.mark.django_db
PASSWORD = "three plain sample words"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def _no_limits_left_over() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def caseworker(world: World) -> User:
    user = world.people["caseworker"]
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


def code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def secret_on(page: str) -> str:
    found = re.search(r"Secret: <code>(\w+)</code>", page)
    assert found
    return found.group(1)


def sign_in(client: Client, user: User, password: str = PASSWORD) -> str:
    answer = client.post("/sign-in/", {"login": user.email, "password": password})
    return answer.headers.get("Location", answer.text)


def with_totp(user: User) -> str:
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(user, secret)
    return secret


def test_a_first_sign_in_leads_through_setting_up_a_code_app_to_home(caseworker: User) -> None:
    client = Client()
    assert sign_in(client, caseworker) == "/home/"
    assert client.get("/home/")["Location"] == "/sign-in/factor/"
    assert "You need a second factor" in client.get("/sign-in/factor/").text
    page = client.get("/sign-in/factor/app/", follow=True)
    if "Confirm that it is you" in page.text:
        page = client.post("/sign-in/again/?next=/sign-in/factor/app/", {"password": PASSWORD}, follow=True)
    answer = client.post("/sign-in/factor/app/", {"code": code(secret_on(page.text))}, follow=True)
    assert "Recovery codes" in answer.text
    assert client.session["second_factor"] is True
    assert "Lantern Sample Charity" in client.get("/home/").text


def test_a_person_with_a_code_app_is_asked_for_the_code(caseworker: User) -> None:
    secret = with_totp(caseworker)
    client = Client()
    assert sign_in(client, caseworker) == "/sign-in/factor/ask/"
    assert client.get("/home/")["Location"].startswith("/sign-in/")
    assert "Incorrect code" in client.post("/sign-in/factor/ask/", {"code": "000000"}).text
    assert client.post("/sign-in/factor/ask/", {"code": code(secret)})["Location"] == "/home/"
    assert client.session["second_factor"] is True
    assert client.get("/home/").status_code == 200


def test_a_session_without_a_second_factor_reaches_no_work(caseworker: User) -> None:
    client = Client()
    sign_in(client, caseworker)
    assert client.session["second_factor"] is False
    assert client.get("/jobs/")["Location"] == "/sign-in/factor/"


def test_second_factors_are_sealed_in_the_database(caseworker: User) -> None:
    secret = with_totp(caseworker)
    kept = Authenticator.objects.get(user=caseworker).data["secret"]
    assert secret not in kept
    assert SealedFactors().decrypt(kept) == secret


def test_a_wrong_password_and_an_unknown_address_answer_alike(caseworker: User) -> None:
    known = Client().post("/sign-in/", {"login": caseworker.email, "password": "wrong"}).text
    unknown = Client().post("/sign-in/", {"login": "nobody@alongside.example", "password": "wrong"}).text
    strip = re.compile(r'(value|nonce)="[^"]*"')
    assert strip.sub("", known) == strip.sub("", unknown)
    assert "There is a problem" in known


def test_the_sixth_wrong_password_is_refused_even_if_right(caseworker: User) -> None:
    for _ in range(5):
        Client().post("/sign-in/", {"login": caseworker.email, "password": "wrong"})
    assert "Too many failed login attempts" in sign_in(Client(), caseworker)


def test_too_many_requests_are_told_so_in_our_own_look(caseworker: User) -> None:
    answers = [Client().post("/sign-in/forgotten/", {"email": caseworker.email}) for _ in range(6)]
    assert answers[-1].status_code == 429
    assert "govuk-template" in answers[-1].text


def test_only_a_few_passwords_are_weighed_at_once(caseworker: User) -> None:
    crowd = connection.copy()
    try:
        with crowd.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, turn) FROM generate_series(0, %s) turn", [GATE, TURNS - 1])
        answer = Client().post("/sign-in/", {"login": caseworker.email, "password": PASSWORD})
        assert (answer.status_code, answer["Retry-After"]) == (429, "2")
    finally:
        crowd.close()
    assert sign_in(Client(), caseworker) == "/home/"


def test_nobody_signs_up_without_an_invitation() -> None:
    assert "by invitation" in Client().get("/sign-in/up/").text
    before = User.objects.count()
    Client().post("/sign-in/up/", {"email": "new@alongside.example", "password1": PASSWORD})
    assert User.objects.count() == before


def test_a_closed_account_is_told_so(caseworker: User) -> None:
    caseworker.is_active = False
    caseworker.save(update_fields=["is_active"])
    client = Client()
    sign_in(client, caseworker)
    assert client.get("/home/")["Location"].startswith("/sign-in/")
    assert "This account is closed" in client.get("/sign-in/inactive/").text


def test_a_forgotten_password_is_changed_by_the_link_and_still_asks_the_factor(
    caseworker: User, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with_totp(caseworker)
    client = Client()
    assert "Forgotten password" in client.get("/sign-in/forgotten/").text
    asked = client.post("/sign-in/forgotten/", {"email": caseworker.email}, follow=True)
    assert "Look in your e-mail" in asked.text
    link = re.search(r"http://testserver(\S+)", str(mail.outbox[0].body))
    assert link
    form = client.get(link.group(1), follow=True)
    assert "Choose a new password" in form.text
    address = form.redirect_chain[-1][0]
    assert "too short" in client.post(address, {"password1": "short"}).text
    assert "too common" in client.post(address, {"password1": "123456789987654321"}).text
    words = {"password1": "three other sample words", "password2": "three other sample words"}
    done = client.post(address, words, follow=True)
    assert "Your password is changed" in done.text
    assert sign_in(client, caseworker, "three other sample words") == "/sign-in/factor/ask/"
    assert "no longer works" in Client().get(link.group(1)).text


def test_an_unknown_address_hears_the_same_and_gets_a_plain_mail(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    asked = Client().post("/sign-in/forgotten/", {"email": "nobody@alongside.example"}, follow=True)
    assert "Look in your e-mail" in asked.text
    assert "there is none" in mail.outbox[0].body


def test_signing_out_asks_the_browser_to_forget(world: World) -> None:
    client = world.client("caseworker")
    assert "Sign out?" in client.get("/sign-in/out/").text
    answer = client.post("/sign-in/out/")
    assert '"storage"' in answer["Clear-Site-Data"]
    assert client.get("/home/")["Location"].startswith("/sign-in/")


TIMED_OUT = "nothing was done here for a while"


def test_an_idle_session_ends(world: World) -> None:
    client = world.client("caseworker")
    client.get("/home/")
    session = client.session
    session["seen"] = time.time() - 21 * 60
    session.save()
    page = client.get("/home/", follow=True)
    assert page.redirect_chain == [("/sign-in/?next=/home/", 302)]
    assert TIMED_OUT in page.content.decode()
    assert TIMED_OUT not in Client().get("/home/", follow=True).content.decode()


def test_a_session_ends_after_its_longest_time_however_busy(world: World) -> None:
    client = world.client("caseworker")
    client.get("/home/")
    session = client.session
    session.update({"seen": time.time(), "started": time.time() - 13 * 3600})
    session.save()
    assert client.get("/home/")["Location"].startswith("/sign-in/")


def test_a_referrers_session_is_shorter(world: World) -> None:
    client = world.client("officer")
    client.get("/home/")
    session = client.session
    session["seen"] = time.time() - 16 * 60
    session.save()
    assert client.get("/home/")["Location"].startswith("/sign-in/")


def test_a_session_that_began_before_the_account_ended_them_is_over(world: World) -> None:
    client = world.client("caseworker")
    client.get("/home/")
    User.objects.filter(pk=world.people["caseworker"].pk).update(
        sessions_end_before=timezone.now() + timedelta(seconds=1)
    )
    assert client.get("/home/")["Location"].startswith("/sign-in/")


def test_a_session_that_does_not_say_when_it_began_is_over_where_earlier_ones_are(world: World) -> None:
    client = world.client("caseworker")
    User.objects.filter(pk=world.people["caseworker"].pk).update(sessions_end_before=timezone.now())
    session = client.session
    session.pop("started", None)
    session.save()
    assert client.get("/home/")["Location"].startswith("/sign-in/")


def test_other_sessions_are_listed_and_ended(caseworker: User) -> None:
    secret = with_totp(caseworker)
    first, second = Client(HTTP_USER_AGENT="Sample browser one"), Client(HTTP_USER_AGENT="Sample browser two")
    for client in (first, second):
        sign_in(client, caseworker)
        client.post("/sign-in/factor/ask/", {"code": code(secret)})
        Authenticator.objects.update(last_used_at=None)
        cache.clear()
    assert UserSession.objects.filter(user=caseworker).count() == 2
    page = first.get("/sign-in/sessions/").text
    assert "Sample browser two" in page
    first.post("/sign-in/sessions/")
    assert "signed in nowhere else" in first.get("/sign-in/sessions/").text
    assert second.get("/home/")["Location"].startswith("/sign-in/")


def test_changing_the_second_factor_signs_out_everywhere_else(caseworker: User) -> None:
    here, _ = at_work(caseworker)
    elsewhere = Client()
    Authenticator.objects.update(last_used_at=None)
    sign_in(elsewhere, caseworker)
    elsewhere.post("/sign-in/factor/ask/", {"code": code("JBSWY3DPEHPK3PXP")})
    assert elsewhere.get("/home/").status_code == 200
    recently(here)
    here.post("/sign-in/factor/app/remove/")
    assert here.get("/home/")["Location"] == "/sign-in/factor/"
    assert elsewhere.get("/home/")["Location"].startswith("/sign-in/?next=")


def test_changing_the_password_signs_out_everywhere(caseworker: User, world: World) -> None:
    client = world.client("caseworker")
    client.force_login(caseworker, backend=BACKEND)
    assert "signed out everywhere" in client.get("/sign-in/password/").text
    new = "three other sample words"
    client.post("/sign-in/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert client.get("/home/")["Location"].startswith("/sign-in/")


def recently(client: Client) -> None:
    """The password was asked for again just now."""
    client.post("/sign-in/again/?next=/home/", {"password": PASSWORD})


def at_work(user: User) -> tuple[Client, str]:
    secret = with_totp(user)
    client = Client()
    sign_in(client, user)
    client.post("/sign-in/factor/ask/", {"code": code(secret)})
    cache.clear()
    return client, secret


def test_recovery_codes_are_made_shown_kept_and_used_once(caseworker: User) -> None:
    client, _ = at_work(caseworker)
    assert client.get("/sign-in/factor/codes/").status_code == 404
    recently(client)
    assert "Make new recovery codes?" in client.get("/sign-in/factor/codes/new/").text
    page = client.post("/sign-in/factor/codes/new/", follow=True).text
    shown = re.findall(r"<li><code>(\w+)</code>", page)
    assert len(shown) == 10
    text = client.get("/sign-in/factor/codes/download/")
    assert text["Content-Disposition"].startswith("attachment")
    assert text.text.split() == shown
    other = Client()
    for answer in ("/home/", None):
        sign_in(other, caseworker)
        cache.clear()
        assert other.post("/sign-in/factor/ask/", {"code": shown[0]}).headers.get("Location") == answer
        other = Client()


def test_what_changes_the_factor_asks_again_by_each_way(caseworker: User) -> None:
    client, _ = at_work(caseworker)
    answer = client.get("/sign-in/factor/app/remove/", follow=True)
    assert "Confirm that it is you" in answer.text
    assert "Use a code from your app" in answer.text
    page = client.get("/sign-in/factor/again/?next=/sign-in/factor/app/remove/").text
    assert "Six digits from your app" in page
    assert "Incorrect code" in client.post("/sign-in/factor/again/", {"code": "000000"}).text
    assert "Incorrect password" in client.post("/sign-in/again/", {"password": "wrong"}).text
    recently(client)
    assert "Remove the code app?" in client.get("/sign-in/factor/app/remove/").text
    assert "You need a second factor" in client.post("/sign-in/factor/app/remove/", follow=True).text
    assert not Authenticator.objects.filter(user=caseworker).exists()
    assert client.get("/home/")["Location"] == "/sign-in/factor/"


def test_an_account_without_a_password_sets_one(caseworker: User, world: World) -> None:
    caseworker.set_unusable_password()
    caseworker.save(update_fields=["password"])
    world.people["caseworker"] = caseworker
    client = world.client("caseworker")
    assert client.get("/sign-in/password/")["Location"] == "/sign-in/password/set/"
    assert "Set a password" in client.get("/sign-in/password/set/").text
    assert "too short" in client.post("/sign-in/password/set/", {"password1": "short", "password2": "short"}).text


def test_every_page_is_drawn_in_our_own_look(caseworker: User) -> None:
    client, _ = at_work(caseworker)
    recently(client)
    client.post("/sign-in/factor/codes/new/")
    pages = ("", "codes/", "codes/new/", "passkeys/", "passkeys/add/", "app/remove/")
    drawn = [client.get(f"/sign-in/factor/{page}").text for page in pages]
    drawn += [client.get(f"/sign-in/{page}").text for page in ("out/", "password/", "sessions/", "inactive/", "up/")]
    drawn += [
        Client().get(f"/sign-in/{page}").text for page in ("", "forgotten/", "forgotten/sent/", "forgotten/done/")
    ]
    assert all("govuk-template" in page and "core/alongside.css" in page for page in drawn)
