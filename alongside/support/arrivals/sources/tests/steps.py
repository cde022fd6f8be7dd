"""The steps by which a hub manager sets up the other force of the demonstration, as a browser posts them."""

import re
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from alongside.foundation.office.organisations.models import Organisation
from alongside.support.arrivals.sources.models import Draft

FEEDS = Path(__file__).resolve().parents[5] / "demo" / "feeds"
SAMPLE = FEEDS / "11_other_force.csv"
OFFENCES = {"abh": "8N", "common": "105A", "harass": "8L", "burg-dw": "28E", "rob": "34B", "tfmv": "45",
            "dam-dw": "58A", "tfp": "39"}  # fmt: skip
ETHNIC = {"wb": "W1", "ind": "A1", "pak": "A2", "car": "B1", "mix": "M1", "ref": "NS"}
MEANT = {"offence_code": OFFENCES, "ethnicity_code": ETHNIC}


def begin(client: Client, source: Organisation, content: bytes | None = None, *, feed: str = "", **changes: str) -> Any:
    sample = SimpleUploadedFile("sample.csv", SAMPLE.read_bytes() if content is None else content, "text/csv")
    said = {"name": "Crime system, daily", "contact": "Crime desk, desk@police.example", "charset": "", **changes}
    return client.post("/feeds/sources/set-up/", {"source": feed or source.pk, "sample": sample, **said})


def another(source: Organisation) -> str:
    """What the page sends for one more feed of a force."""
    return f"{source.pk}+"


def draft() -> Draft:
    return Draft.objects.get()


def columns(client: Client, **changes: str) -> Any:
    """As the page proposes them, with what a person changes."""
    answer = client.get(f"/feeds/sources/{draft().pk}/columns/")
    assert answer.status_code == 200
    return client.post(
        f"/feeds/sources/{draft().pk}/columns/", {**draft().columns, "ethnicity_code": "Ethn", **changes}
    )


def asked(page: str) -> dict[str, tuple[str, str]]:
    """By field of a page of codes: the code that is asked about, and what is chosen for it already."""
    found = {}
    for block in page.split("<label")[1:]:
        if named := re.search(r'for="(?:id_)?(\w+_[0-9a-f]{8})"[^>]*>\s*“([^”]+)” means', block):
            chosen = re.search(r'<option value="([^"]*)" selected', block)
            found[named[1]] = (named[2], chosen[1] if chosen else "")
    return found


def codes(client: Client, **changes: Any) -> Any:
    """Every code that is asked, with what it means."""
    address = f"/feeds/sources/{draft().pk}/codes/"
    fields = asked(client.get(address).content.decode())
    said = {name: MEANT.get(name.rpartition("_")[0], {}).get(code, chosen) for name, (code, chosen) in fields.items()}
    return client.post(address, {**said, **changes})


def keep(client: Client) -> Any:
    return client.post(f"/feeds/sources/{draft().pk}/keep/")


def set_up(client: Client, source: Organisation) -> None:
    for step in (begin(client, source), columns(client), codes(client), keep(client)):
        assert step.status_code == 302, step.content.decode()
