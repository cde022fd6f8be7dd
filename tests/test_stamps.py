"""A stamp changes with every row, whoever wrote it, and with nothing else."""

import pytest

from alongside.core.rows.stamps import stamp
from alongside.foundation.office.organisations.models import Council, Force, Organisation

pytestmark = pytest.mark.django_db


def test_it_is_the_same_while_nothing_changes() -> None:
    assert stamp(Force, Council) == stamp(Force, Council)


def test_each_writing_of_a_row_changes_it_also_within_one_transaction() -> None:
    before = stamp(Council)
    Council.objects.filter(name="Birmingham").update(name="Sample Council")
    once = stamp(Council)
    Council.objects.filter(name="Sample Council").update(name="Birmingham")
    assert len({before, once, stamp(Council)}) == 3


def test_a_row_of_another_table_does_not_change_it() -> None:
    before = stamp(Force, Council)
    Council.objects.filter(name="Birmingham").update(name="Sample Council")
    after = stamp(Force, Council)
    assert before[0] == after[0]
    assert before[1] != after[1]


def test_a_row_that_comes_or_goes_changes_it() -> None:
    force = Force.objects.order_by("pk").first()
    assert force
    before = stamp(Council)
    Council.objects.create(pk="E99999999", name="Sample Council", force=force)
    with_it = stamp(Council)
    Council.objects.filter(pk="E99999999").delete()
    assert with_it != before
    assert stamp(Council) == before


def test_a_table_without_rows_has_one() -> None:
    assert stamp(Organisation) == (0,)
