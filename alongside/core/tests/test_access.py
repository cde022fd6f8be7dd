"""The access middleware: denied by default, one transaction in one realm, looks and denials logged."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client, override_settings

from alongside.core.models import Denial, Look
from alongside.core.tests import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_addresses")]


@pytest.fixture
def _addresses() -> Any:
    with override_settings(
        ROOT_URLCONF="alongside.core.tests.addresses",
        ACTOR_LOADER="alongside.core.tests.addresses.load_actor",
        SESSION_RULE="alongside.core.tests.addresses.still_in",
    ):
        yield


def get(path: str, actor: str = "nobody", **headers: str) -> Any:
    return Client(raise_request_exception=False).get(path, headers={"x-actor": actor, **headers})


def role_of(response: Any) -> str:
    return response.content.decode().removeprefix(f"{connection.settings_dict['NAME']}_")


def test_a_public_page_runs_as_the_public_role() -> None:
    assert role_of(get("/")) == "public"


def test_a_page_runs_as_the_realm_of_its_actor_and_leaves_nothing() -> None:
    assert role_of(get("/inside/", "officer")) == "hub"
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role'), current_setting('app.user', true)")
        assert cursor.fetchone() == ("none", "")


def test_a_look_is_logged_once_for_the_page() -> None:
    get("/inside/", "officer")
    look = Look.objects.get()
    assert (look.subjects, look.fields, look.reason) == ([addresses.SEEN], "phone", "asked by name")
    assert (look.route, look.organisation_id, look.user_id) == ("inside", 7, addresses.PERSON)


def test_an_undeclared_view_is_refused_like_an_absent_page() -> None:
    assert get("/undeclared/", "officer").status_code == 404
    assert get("/undeclared/", "officer").content == get("/absent/", "officer").content == get("/refuse/").content


def test_without_the_permission_it_is_403_and_on_record() -> None:
    assert get("/inside/", "junior").status_code == 403
    denial = Denial.objects.get()
    assert (denial.route, denial.status, denial.user_id) == ("inside", 403, addresses.PERSON)
    assert not Look.objects.exists()


def test_nobody_is_sent_to_sign_in_and_so_is_an_ended_session() -> None:
    assert get("/inside/").headers["location"] == "/sign-in/?next=/inside/"
    assert get("/inside/", "officer", **{"x-ended": "1"}).status_code == 302


def test_what_was_searched_for_is_not_in_the_address_of_the_sign_in() -> None:
    assert get("/inside/?q=Sampleford&sort=due").headers["location"] == "/sign-in/?next=/inside/%3Fsort%3Ddue"


def test_without_a_second_factor_one_is_asked_for() -> None:
    assert get("/inside/", "unsure").headers["location"] == "/factor/"
    assert get("/mine/", "unsure").content == b"hub"


def test_a_realm_that_this_process_does_not_serve_is_absent() -> None:
    with override_settings(REALMS_SERVED=("public",)):
        assert get("/mine/", "officer").status_code == 404


def test_a_model_without_the_first_lock_cannot_be_listed() -> None:
    assert get("/rows/", "officer").status_code == 500


def test_a_failure_rolls_back_and_says_nothing_of_what_was_typed() -> None:
    response = get("/broken/")
    assert response.status_code == 500
    assert b"typed" not in response.content


def test_a_streamed_body_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="streamed"):
        Client().get("/streamed/")


def test_a_transaction_that_is_lost_takes_its_role_with_it() -> None:
    assert get("/spoilt/").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        assert cursor.fetchone() == ("none",)


def test_pages_are_not_kept_and_ask_nothing_of_the_device() -> None:
    headers = get("/").headers
    assert headers["cache-control"] == "no-store"
    assert "camera=()" in headers["permissions-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
