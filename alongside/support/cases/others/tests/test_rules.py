"""How names are compared, and which words of a text may be one."""

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.core.errors import RuleBroken
from alongside.support.cases.others import rules

NAMES = st.text("abcdefghijklmnopqrstuvwxyzéñöüABCDEZÉ", min_size=3, max_size=12)


def named(text: str, *names: str) -> set[str]:
    """The words of a text by which these names would be found."""
    return {word for plain, word in rules.phrases(text).items() if plain in rules.said_names(names)}


def test_a_name_is_found_whatever_its_case_accents_and_owner() -> None:
    assert named("Do not open if RAMON calls", "Ramón Vale") == {"RAMON"}
    assert named("Ramón's mother rings", "ramon vale") == {"Ramón"}
    assert named("ask for o'testerly", "Ramón O’Testerly-Vale") == {"o'testerly"}
    assert "Vale" in named("the Vale family", "Ramón O’Testerly-Vale")


def test_a_name_is_bounded_by_words() -> None:
    assert named("the valet parked it, and the raymonds came", "Vale", "Ray Vale") == set()
    assert named("Rayne", "Ray Vale") == set()


def test_a_name_that_is_a_word_needs_a_capital() -> None:
    assert named("I will leave by the rose garden", "Will Rose") == set()
    assert named("Rose is at work until six", "Will Rose") == {"Rose"}
    assert named("Will I go? Only if Will is out", "Will Rose") == {"Will"}
    assert named("Will I go", "Will Rose") == set()


def test_short_and_little_words_name_nobody_alone_but_whole_names_do() -> None:
    assert named("the beast is at home", "The Beast") == {"beast", "the beast"}
    assert named("the dog and al", "Al") == {"al"}
    assert named("bo came", "Bo Li") == set() and named("bo li came", "Bo Li") == {"bo li"}
    assert named("", "Vale") == set() and rules.said_names(["", "!!"]) == frozenset()


@given(st.text(max_size=60), NAMES, st.text(max_size=60))
def test_a_name_is_found_wherever_it_stands_alone(before: str, name: str, after: str) -> None:
    plain = rules.name_part(name)
    if plain in rules.ORDINARY | rules.BEGINNING | rules.LITTLE:
        return
    assert named(f"{before} {name} {after}", name)


def test_whole_names_compare_in_any_order_with_and_without_what_stands_between() -> None:
    assert rules.whole_names(["Ana Maria Vale"]) & rules.whole_names(["VALE, Ána"])
    assert not rules.whole_names(["Ana"]) and not rules.whole_names(["Ana Vale"]) & rules.whole_names(["Ana Wale"])


def test_lines_are_tidy_and_once() -> None:
    assert rules.lines(" a \n\nb\na") == ("a", "b")


@pytest.mark.parametrize(
    ("said", "field"),
    [({}, "name"), ({"name": "A", "phones": "07700"}, "phones"), ({"name": "A", "emails": "no"}, "emails"),
     ({"name": "A", "aliases": "\n".join(map(str, range(30)))}, "aliases")],
)  # fmt: skip
def test_a_record_of_nobody_and_ways_that_reach_nobody_are_refused(said: dict[str, str], field: str) -> None:
    whole = {**dict.fromkeys(("name", "description", "aliases", "phones", "emails"), ""), **said}
    with pytest.raises(RuleBroken) as broken:
        rules.check_party(**whole)
    assert broken.value.field == field


def test_codes_and_last_days_are_checked() -> None:
    today, latest = date(2026, 9, 1), date(2036, 9, 1)
    rules.check_known("knows", ["home"], {"home": "Home"})
    rules.check_until(None, today=today, latest=latest)
    for wrong in (date(2026, 8, 31), date(2040, 1, 1)):
        with pytest.raises(RuleBroken):
            rules.check_until(wrong, today=today, latest=latest)
    with pytest.raises(RuleBroken):
        rules.check_known("knows", ["other"], {"home": "Home"})


def test_a_visit_is_warned_of_in_words_or_not_at_all() -> None:
    assert rules.visit_words([], {}) == ""
    assert rules.visit_words(["dog", "dog"], {"dog": "A dog"}) == "Two go together, or nobody goes. A dog."


def test_dates_of_birth_speak_against_one_person_where_both_are_known() -> None:
    assert rules.same_birth(b"", b"a") and rules.same_birth(b"a", b"") and rules.same_birth(b"a", b"a")
    assert not rules.same_birth(b"a", b"b")


# What people type for one another's names, each beside how it was first written. All of them are made up.
MISSPELT = """Sean Walsh: Shaun Walsh, Shawn Walsh, Sean Welsh
Mohammed Hussain: Muhammad Hussein, Mohamed Husain, Mohammad Hussan, Mohamad Houssein
Catherine Reid: Kathryn Reed, Katharine Read, Cathrine Reid
Stephen Clarke: Steven Clark, Stephan Clarke
Geoffrey Wright: Jeffrey Wright, Jeffery Right
Philip MacDonald: Phillip McDonald, Filip Macdonald
Piotr Kowalski: Kowalsky Piotr, Piotr Kovalski, Piotr Kowlaski
Aisha Begum: Ayesha Begum, Aysha Begam
Jonathan Thompson: Johnathan Thomson, Jonathon Tompson
Michael Jackson: Micheal Jackson, Mikael Jakson, Michael Jaxon
Siobhan O'Neill: Siobhan O'Neil, Siobahn Oneill
Graham Hughes: Graeme Hughes, Graham Hughs
Ramón O’Testerly-Vale: Ramun O’Testerly-Vale, Raymon O'Testerly Vail
Darren Singh: Daren Sing, Darren Signh
Nicholas Davies: Nicolas Davis, Nickolas Davys
Elizabeth Smith: Elisabeth Smyth, Elizabth Smith
Krzysztof Szymanski: Kristof Szymansky, Krzystof Shimanski
Thomas Schmidt: Tomas Schmitt, Thomas Shmidt
Ahmed Khan: Ahmet Kahn, Amhed Khan
Yusuf Patel: Yousef Patel, Youssuf Pattel
Rachel Green: Rachael Greene, Racheal Green
Robert Jones: Bob Jones, Rob Jones
Jane Doe: Jayne Doe"""
# Short forms, names too short to tell, and a letter that is written for another: for these aliases are asked for.
NOT_HEARD = {"Bob Jones", "Rob Jones", "Jayne Doe", "Piotr Kovalski", "Kristof Szymansky"}
# People who are not one another, hard ones on purpose: a family's name each, several times.
OTHERS = (
    "Martin Walsh, John Smith, Jane Smith, Peter Smith, Adam Khan, Imran Khan, Yasmin Khan, David Jones, Dawn Jones, "
    "Megan Jones, Mary Brown, Mark Brown, Lucy Brown, Peter Davies, Paul Davies, Owen Davies, Sarah Taylor, "
    "Susan Taylor, George Taylor, Alan Evans, Bethan Evans, Helen Evans, Lee Ward, Tony Ward, Carol Hall, Claire Hall, "
    "Emma White, Amy White, Oliver White, Ian Wood, Anna Wood, Gary Young, Grace Young, Kelly Moore, Kyle Moore, "
    "Liam Clark, Neil King, Nora King, Sofia King, Dariusz Nowak, Anna Nowak, Olu Adeyemi, Tunde Adeyemi"
).split(", ")


def test_names_that_people_misspell_sound_the_same_and_are_not_the_same() -> None:
    pairs = [(right, wrong.strip()) for line in MISSPELT.splitlines() for right, _, wrongs in [line.partition(":")]
             for wrong in wrongs.split(",")]  # fmt: skip
    heard = {wrong for right, wrong in pairs if rules.sounding_names([right]) & rules.sounding_names([wrong])}
    exact = {wrong for right, wrong in pairs if rules.whole_names([right]) & rules.whole_names([wrong])}
    assert len(pairs) == 51 and {wrong for _, wrong in pairs} - heard == NOT_HEARD
    assert exact == set()


def test_most_people_who_share_a_familys_name_do_not_sound_the_same() -> None:
    pairs = list(combinations(OTHERS, 2))
    alike = {pair for pair in pairs if rules.sounding_names(pair[:1]) & rules.sounding_names(pair[1:])}
    assert len(pairs) == 903 and alike == {
        ("John Smith", "Jane Smith"), ("Carol Hall", "Claire Hall"), ("Emma White", "Amy White"),
        ("Ian Wood", "Anna Wood"), ("Kelly Moore", "Kyle Moore"),
    }  # fmt: skip


def test_one_word_and_very_short_names_sound_like_nobody() -> None:
    assert rules.sounding_names(["Ramón", "", "Li Yu", "!! ??", "Bo Li"]) == frozenset()
    assert rules.sound("") == "" and rules.sound("Mary-Ann") == rules.sound("Maryanne")


@given(st.text(max_size=40), st.text(max_size=40))
def test_the_order_of_names_and_what_stands_between_make_no_difference(first: str, last: str) -> None:
    words = rules.name_part(f"{first} {last}").split()
    turned = " ".join([*words[-1:], "x", *words[:1]]) if len(words) > 1 else " ".join(words)
    assert rules.sounding_names([" ".join(words)]) == rules.sounding_names([turned])
