"""Pure rules of people around a case: ages, who is grown up when, what a form may hold."""

from collections.abc import Collection
from datetime import date

from alongside.core.errors import RuleBroken
from alongside.core.pages.filters import date_words, plural
from alongside.foundation.office.messages.rules import fault
from alongside.support.people.victims.rules import age_on

GROWN, OLDEST = 18, 120
STALE = (
    "Somebody else changed this while you were writing. What it says now is shown below; nothing of yours has been "
    "lost. Put the two together and save again."
)


def grown_up_on(born: date) -> date:
    """The eighteenth birthday; of somebody born on 29 February, 1 March."""
    try:
        return born.replace(year=born.year + GROWN)
    except ValueError:
        return date(born.year + GROWN, 3, 1)


def age_words(born: date | None, age_said: int | None, said_on: date | None, today: date) -> str:
    """How old somebody is, by their birthday, or as it was said on a day."""
    if born:
        age = age_on(born, today)
        return f"{plural(age, 'year')} old, born {date_words(born)}" if age >= 0 else f"Expected {date_words(born)}"
    if age_said is None:
        return "Age not known"
    return f"{plural(age_said, 'year')} old, said {date_words(said_on)}"


def check_age(born: date | None, age: int | None, *, today: date, unborn: bool) -> None:
    """Refuses two answers that disagree, and days that cannot be."""
    if born and born > today and not unborn:
        raise RuleBroken("A date of birth is not in the future. For a child not yet born choose that.", "birth_date")
    if born and today.year - born.year > OLDEST:
        raise RuleBroken("Look again at the year of birth.", "birth_date")
    if born and age is not None and abs(age_on(born, today) - age) > 1:
        raise RuleBroken("The age and the date of birth do not agree. Leave the age empty.", "age_said")


def check_code(field: str, code: str, known: Collection[str]) -> None:
    if code not in known:
        raise RuleBroken("Choose from the list.", field)


def check_professional(*, name: str, organisation: str, phone: str, email: str, told_on: date, today: date) -> None:
    """Refuses a record of nobody, ways that reach nobody, and an answer that is still to be given."""
    if not name.strip() and not organisation.strip():
        raise RuleBroken("Give a name, or where they work.", "name")
    for field, value in (("phone", phone), ("email", email)):
        if value and (why := fault(field, value)):
            raise RuleBroken(f"{why}.", field)
    if told_on > today:
        raise RuleBroken("Enter the day on which this was said. It cannot be in the future.", "told_on")
