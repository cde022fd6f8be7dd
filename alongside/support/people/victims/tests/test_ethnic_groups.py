"""One set of codes for ethnic groups: what was stored as a police code became the census's group."""

from importlib import import_module

import pytest
from django.apps import apps

from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.people.victims.models import Victim
from alongside.support.people.victims.tests.test_actions import record
from tests.world import World

pytestmark = pytest.mark.django_db
migration = import_module("alongside.support.people.victims.migrations.0004_one_set_of_ethnic_groups")


def test_a_police_code_becomes_its_group_and_what_is_a_group_stays(world: World) -> None:
    police, census, empty = (record(world) for _ in range(3))
    Victim.objects.filter(pk=police.pk).update(ethnicity="O1")
    Victim.objects.filter(pk=census.pk).update(ethnicity="asian_other")
    migration.forwards(apps, None)
    found = dict(Victim.objects.values_list("pk", "ethnicity"))
    assert [found[one.pk] for one in (police, census, empty)] == ["asian_chinese", "asian_other", ""]


def test_the_migration_agrees_with_the_rulebook(world: World) -> None:
    book = rulebook.current("ethnicity_codes", world.now.date())
    assert {row.code: row.text("ethnic_group") for row in book} == migration.GROUPS
