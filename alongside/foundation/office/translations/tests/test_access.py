"""Who reads and who writes translations."""

import pytest

from alongside.foundation.office.translations import rules
from tests.world import PEOPLE, World

pytestmark = pytest.mark.django_db
WRITE = {"hub_manager", "office_administrator"}
KEY = rules.key_of("Thank you")


@pytest.mark.parametrize("person", sorted(PEOPLE))
def test_the_office_and_the_hubs_manager_write_and_others_at_most_read(world: World, person: str) -> None:
    client = world.client(person)
    assert client.get("/rulebook/public-pages/cy/").status_code == client.get("/rulebook/").status_code
    answer = client.get(f"/rulebook/public-pages/cy/{KEY}/")
    assert (answer.status_code == 200) is (person in WRITE)
    if person not in WRITE:
        sent = client.post(f"/rulebook/public-pages/cy/{KEY}/", {"says": "Diolch"})
        assert sent.status_code in (302, 403, 404) and not sent.headers.get("Location", "").endswith("/cy/")
