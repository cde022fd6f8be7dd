"""Whatever is typed: no answer breaks a question, and what is kept reads the same again."""

import pytest
from django.utils.datastructures import MultiValueDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside.support.arrivals.intake.questions import QUESTIONS
from tests.world import World

pytestmark = pytest.mark.django_db
TYPED = st.one_of(
    st.text(max_size=60), st.sampled_from(["yes", "no", "me", "phone", "B1 1AA", "\x00", "９", "1e9", "2199"])
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(step=st.sampled_from(sorted(QUESTIONS)), values=st.lists(TYPED, max_size=8))
def test_no_answer_breaks_a_question(world: World, step: str, values: list[str]) -> None:
    on = world.now.date()
    names = list(QUESTIONS[step](on=on).fields)
    parts = [f"{name}_{part}" for name in names for part in ("day", "month", "year")]
    boxes = {name: [value] for name, value in zip([*names, *parts], values, strict=False)}
    form = QUESTIONS[step](MultiValueDict(boxes), on=on)
    if form.is_valid():
        again = QUESTIONS[step](MultiValueDict(form.kept()), on=on)
        assert again.is_valid(), again.errors
