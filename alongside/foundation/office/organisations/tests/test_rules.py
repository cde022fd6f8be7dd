"""Postcodes are written one way and compared exactly; roles fit their kind of organisation."""

import pytest

from alongside.foundation.office.organisations.rules import (
    is_postcode,
    place_of,
    postcode_key,
    postcode_shown,
    role_fits,
    roles_of,
)


@pytest.mark.parametrize("written", ["B1 1AA", "b11aa", " B1  1AA ", "B1\u00a01AA", "b1-1aa."])
def test_one_postcode_has_one_key_however_it_is_written(written: str) -> None:
    assert postcode_key(written) == "B11AA"


@pytest.mark.parametrize("written", ["B1 1AA", "CA10 3XY", "EC1A 1BB", "W1A 0AX", "M1 1AE", "CR2 6XH", "DN55 1PT"])
def test_each_shape_of_british_postcode_is_recognised(written: str) -> None:
    assert is_postcode(written)
    assert postcode_shown(postcode_key(written)) == written


@pytest.mark.parametrize("written", ["", "B1", "75008", "D02 AF30", "1011 AB", "SW1A 1A", "not a postcode", "B1 1AA 2"])
def test_what_is_no_whole_british_postcode_is_refused(written: str) -> None:
    assert not is_postcode(written)


def test_what_is_no_postcode_is_shown_unchanged() -> None:
    assert postcode_shown("75008") == "75008"


def test_a_role_fits_its_kinds_of_organisation_alone() -> None:
    assert role_fits("caseworker", "provider")
    assert not role_fits("caseworker", "hub")
    assert not role_fits("nobody", "hub")
    hub = {"triage_officer", "hub_manager", "partnership_officer", "privacy_officer"}
    assert {role.key for role in roles_of("hub")} == hub


@pytest.mark.parametrize(
    ("force", "place"),
    [
        ("West Midlands Police", "West Midlands"),
        ("Durham Constabulary", "Durham"),
        ("City of London Police", "City of London"),
        ("Metropolitan Police Service", "London"),
        ("Sampleshire", "Sampleshire"),
    ],
)
def test_the_area_of_a_force_is_called_as_the_place(force: str, place: str) -> None:
    assert place_of(force) == place
