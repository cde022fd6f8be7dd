"""Passkeys in full: a key made of software is added, asked for, and signs in alone, which counts as both factors."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.cache import cache
from django.test import Client
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.accounts.tests.test_pages import code, with_totp
from tests.world import World

pytestmark = pytest.mark.django_db
PASSWORD = "three plain sample words"
SITE = "localhost"
SEEN_AND_KNOWN = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV
Options = dict[str, Any]


@dataclass
class SoftwareKey:
    """What a security key does, without the key."""

    secret: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    number: bytes = b"sample-key-00001"
    user: bytes = b""

    def _asked(self, kind: str, challenge: str) -> bytes:
        words = {"type": f"webauthn.{kind}", "challenge": challenge, "origin": f"https://{SITE}"}
        return json.dumps(words).encode()

    def create(self, options: Options) -> Options:
        key = options["publicKey"]
        self.user = key["user"]["id"]
        public = ES256.from_cryptography_key(self.secret.public_key())
        credential = AttestedCredentialData.create(Aaguid(b"\0" * 16), self.number, public)
        flags = SEEN_AND_KNOWN | AuthenticatorData.FLAG.AT
        data = AuthenticatorData.create(sha256(SITE.encode()), flags, 0, credential)
        response = {
            "clientDataJSON": websafe_encode(self._asked("create", key["challenge"])),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        }
        return self._answer(response)

    def get(self, options: Options) -> Options:
        asked = self._asked("get", options["publicKey"]["challenge"])
        data = AuthenticatorData.create(sha256(SITE.encode()), SEEN_AND_KNOWN, 1)
        signature = self.secret.sign(data + sha256(asked), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": websafe_encode(asked),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature),
            "userHandle": self.user,
        }
        return self._answer(response)

    def _answer(self, response: Options) -> Options:
        number = websafe_encode(self.number)
        extensions = {"credProps": {"rk": True}}
        return {
            "id": number,
            "rawId": number,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": extensions,
        }


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


def browser() -> Client:
    return Client(SERVER_NAME=SITE)


def options_on(page: str) -> Options:
    found = re.search(r"data-options='([^']+)'", page)
    assert found
    return dict(json.loads(unescape(found.group(1))))


def with_passkey(user: User) -> tuple[Client, SoftwareKey]:
    """A browser in which the person has just added a passkey that can be used alone."""
    client, key = browser(), SoftwareKey()
    client.post("/sign-in/", {"login": user.email, "password": PASSWORD})
    client.post("/sign-in/again/?next=/sign-in/factor/passkeys/add/", {"password": PASSWORD})
    made = key.create(options_on(client.get("/sign-in/factor/passkeys/add/").text))
    words = {"name": "Sample key", "passwordless": "on", "credential": json.dumps(made)}
    assert client.post("/sign-in/factor/passkeys/add/", words).status_code == 302
    return client, key


def test_adding_a_passkey_is_a_second_factor_in_this_session(caseworker: User) -> None:
    client, _ = with_passkey(caseworker)
    assert client.session["second_factor"] is True
    assert "Lantern Sample Charity" in client.get("/home/").text
    assert "Sample key" in client.get("/sign-in/factor/passkeys/").text


def test_a_passkey_is_asked_for_after_the_password(caseworker: User) -> None:
    _, key = with_passkey(caseworker)
    client = browser()
    client.post("/sign-in/", {"login": caseworker.email, "password": PASSWORD})
    answer = key.get(options_on(client.get("/sign-in/factor/ask/").text))
    assert client.post("/sign-in/factor/ask/", {"credential": json.dumps(answer)})["Location"] == "/home/"
    assert client.session["second_factor"] is True


def test_a_passkey_alone_signs_in_with_both_factors(caseworker: User) -> None:
    _, key = with_passkey(caseworker)
    client = browser()
    asked = client.get("/sign-in/passkey/", headers={"Accept": "application/json"}).json()
    answer = key.get(asked["request_options"])
    assert client.post("/sign-in/passkey/", {"credential": json.dumps(answer)})["Location"] == "/home/"
    assert client.session["second_factor"] is True
    assert client.get("/home/").status_code == 200


def test_a_passkey_of_another_key_is_refused_and_says_so(caseworker: User) -> None:
    _, key = with_passkey(caseworker)
    client = browser()
    asked = client.get("/sign-in/passkey/", headers={"Accept": "application/json"}).json()
    forged = SoftwareKey(number=key.number, user=key.user).get(asked["request_options"])
    page = client.post("/sign-in/passkey/", {"credential": json.dumps(forged)}, follow=True)
    assert "Incorrect code" in page.text
    assert "second_factor" not in client.session


def test_a_passkey_is_renamed_and_removed(caseworker: User) -> None:
    client, _ = with_passkey(caseworker)
    number = re.search(r"passkeys/(\d+)/edit/", client.get("/sign-in/factor/passkeys/").text)
    assert number
    address = f"/sign-in/factor/passkeys/{number.group(1)}/"
    assert "Rename a passkey" in client.get(f"{address}edit/").text
    assert "Spare key" in client.post(f"{address}edit/", {"name": "Spare key"}, follow=True).text
    assert "Spare key" in client.get(f"{address}remove/").text
    assert "You have no passkey yet" in client.post(f"{address}remove/", follow=True).text


def test_a_broken_answer_is_refused_in_our_own_look(caseworker: User) -> None:
    client, _ = with_passkey(caseworker)
    client.get("/sign-in/factor/passkeys/add/")
    page = client.post("/sign-in/factor/passkeys/add/", {"name": "x", "credential": "{}"})
    assert "There is a problem" in page.text
    assert "was not accepted" in page.text or "Incorrect code" in page.text


@pytest.fixture
def administrator(world: World) -> User:
    user = world.people["office_administrator"]
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


def by_code(user: User) -> Client:
    """A browser in which the person has signed in with the password and a code."""
    secret, client = with_totp(user), browser()
    client.post("/sign-in/", {"login": user.email, "password": PASSWORD})
    client.post("/sign-in/factor/ask/", {"code": code(secret)})
    assert client.session["second_factor"] is True
    return client


def test_of_an_administrator_a_code_is_not_enough(administrator: User) -> None:
    client = by_code(administrator)
    assert client.get("/home/")["Location"] == "/sign-in/factor/"
    assert "Add one here" in client.get("/sign-in/factor/").text


def test_an_administrator_with_a_passkey_does_all_with_it_and_nothing_with_a_code(administrator: User) -> None:
    first, key = with_passkey(administrator)
    assert first.get("/home/").status_code == 200
    number = re.search(r"passkeys/(\d+)/edit/", first.get("/sign-in/factor/passkeys/").text)
    assert number
    client = by_code(administrator)
    for address in ("add/", f"{number.group(1)}/remove/"):
        for ask in (client.get, client.post):
            assert ask(f"/sign-in/factor/passkeys/{address}")["Location"] == "/sign-in/factor/"
    page = client.get("/sign-in/factor/").text
    assert "Sign in with your passkey first" in page
    assert "Sign out, and sign in with your passkey" in page
    client = browser()
    asked = client.get("/sign-in/passkey/", headers={"Accept": "application/json"}).json()
    client.post("/sign-in/passkey/", {"credential": json.dumps(key.get(asked["request_options"]))})
    assert client.get("/home/").status_code == 200


def test_who_removes_the_last_passkey_needs_one_again(administrator: User) -> None:
    client, _ = with_passkey(administrator)
    number = re.search(r"passkeys/(\d+)/edit/", client.get("/sign-in/factor/passkeys/").text)
    assert number
    client.post(f"/sign-in/factor/passkeys/{number.group(1)}/remove/")
    assert client.get("/home/")["Location"] == "/sign-in/factor/"
