"""How what somebody wrote is read: words, slips, danger; and what may be kept of it."""

from itertools import permutations

import pytest

from alongside.foundation.local.finding.rules import (
    CRISIS,
    DANGER,
    NAMED,
    RUN,
    Meaning,
    Vocabulary,
    may_keep,
    name_points,
    stem,
    understand,
    words_of,
)

MEANINGS = (
    Meaning("danger", "Danger", ("kill me", "he is here now"), first=(DANGER,)),
    Meaning("crisis", "Crisis", ("suicide", "end my life"), first=(CRISIS,)),
    Meaning("stalked", "Stalked", ("stalking", "keeps turning up"), crime_types=("stalking", "harassment")),
    Meaning("ex", "An ex", ("my ex",), crime_types=("domestic_abuse", "stalking")),
    Meaning("shop", "At work", ("assaulted at work",), crime_types=("business_crime",)),
    Meaning("assault", "Sexual", ("sexually assaulted", "assaulted"), crime_types=("sexual_violence",)),
    Meaning("pl", "Polish", ("przemoc domowa", "mąż mnie bije"), languages=("pl",)),
)
VOCABULARY = Vocabulary(MEANINGS, frozenset({"lantern"}))


def codes(text: str) -> list[str]:
    return [one.meaning.code for one in understand(text, VOCABULARY).heard]


@pytest.mark.parametrize(
    ("word", "same"),
    [("stalks", "stalk"), ("stalked", "stalk"), ("stalking", "stalk"), ("bullies", "bully"), ("robbed", "rob"),
     ("abuse", "abus"), ("abused", "abus"), ("beatings", "beat"), ("glass", "glass"), ("sex", "sex")],
)  # fmt: skip
def test_endings_make_no_other_word(word: str, same: str) -> None:
    assert stem(word) == same


def test_words_are_read_without_marks_capitals_and_apostrophes() -> None:
    assert words_of("Mąż MNIE bije! He’s, złodziej") == ("maz", "mnie", "bije", "hes", "zlodziej")
    assert words_of("ਘਰੇਲੂ ਹਿੰਸਾ، گھریلو") == ("ਘਰੇਲੂ", "ਹਿੰਸਾ", "گھریلو")


def test_words_of_a_phrase_may_have_others_between_them_but_not_many() -> None:
    assert codes("my ex keeps on always turning up") == ["ex", "stalked"]
    assert codes("keeps a b c turning up") == []
    assert codes("turning up keeps") == []


def test_one_word_in_two_phrases_is_heard_in_both_unless_one_is_part_of_the_other() -> None:
    assert codes("sexually assaulted at work") == ["assault", "shop"]
    assert codes("assaulted at work") == ["shop"]


def test_a_slip_in_typing_is_read_as_the_nearest_word_and_says_so() -> None:
    found = understand("stalkng", VOCABULARY)
    assert found.runs(found.heard) == [("stalkng", "stalking")]
    assert understand("lantren", VOCABULARY).slips == {"lantren": "lantern"}
    assert codes("przemocc domova") == ["pl"]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("My ex’s ‘gift’: mąż mnie bije, again", ["mąż mnie bije"]),
        ("'My ex' keeps turning up!", ["My ex keeps turning up"]),
        ("my¨ex keeps turning up", ["my ex keeps turning up"]),
        ("my ex keeps turning up", ["my ex keeps turning up"]),
        ("turning my ex and then he was at the shop", ["my ex"]),
        ("my ex is at it and keeps on always turning up", ["my ex", "keeps on always turning up"]),
    ],
)
def test_what_was_heard_is_quoted_once_in_one_piece_where_it_stands_together(text: str, quoted: list[str]) -> None:
    found = understand(text, VOCABULARY)
    assert [wrote for wrote, _ in found.runs(found.heard)] == quoted


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("15 year old boy", 15), ("my 15-year-old", 15), ("she is 9 yrs old", 9), ("my 14yo", 14), ("aged 71", 71),
        ("I'm 15 and he hit me", 15), ("im 16", 16), ("i am 17", 17), ("hes 12", 12), ("she's 80", 80), ("he is 8", 8),
        ("raped 15 years ago", None), ("married 20 years", None), ("i am 5 months pregnant", None), ("60 miles", None),
        ("i am 10 miles from home", None), ("age 40", 40), ("it happened at 11", None), ("i'm 30 years old", 30),
    ],
)  # fmt: skip
def test_an_age_is_read_where_one_is_written_and_a_time_is_none(text: str, age: int | None) -> None:
    assert understand(text, VOCABULARY).age == age


@pytest.mark.parametrize("text", ["bills", "end", "talking", "x", "12345", "abcdefghijkl"])
def test_an_everyday_word_a_short_one_or_a_figure_is_no_slip(text: str) -> None:
    assert understand(text, VOCABULARY).slips == {}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("he said he will kill me", (DANGER,)),
        ("HE IS HERE NOW", (DANGER,)),
        ("my ex keeps turning up and i want to end my life", (CRISIS,)),
        ("suicde", (CRISIS,)),
        ("suicide, he wants to kill me", (DANGER, CRISIS)),
        ("my ex", ()),
    ],
)
def test_words_of_danger_are_heard_whatever_stands_around_them(text: str, first: tuple[str, ...]) -> None:
    assert understand(text, VOCABULARY).first == first


def test_the_likeliest_crime_comes_first() -> None:
    assert understand("my ex keeps turning up", VOCABULARY).crimes == ("stalking", "domestic_abuse", "harassment")


def test_an_age_is_heard() -> None:
    assert understand("15-year-old boy", VOCABULARY).age == 15
    assert understand("my son is 9 yrs old", VOCABULARY).age == 9
    assert understand("stalking", VOCABULARY).age is None


def test_the_order_of_the_rows_changes_nothing() -> None:
    text = "my ex keeps trning up, assaulted at work"
    found = [understand(text, Vocabulary(rows)) for rows in permutations(MEANINGS[2:6])]
    assert all(one == found[0] for one in found)


@pytest.mark.parametrize(
    ("asked", "points"),
    [({"lantern"}, NAMED + 10), ({"good", "fence"}, NAMED + 20), ({"good"}, 12), ({"sampl"}, RUN), ({"x"}, 0)],
)
def test_a_rare_word_of_a_name_counts_for_much_and_a_common_one_for_little(asked: set[str], points: int) -> None:
    own = ("lantern",) if "lantern" in asked else ("good", "fence")
    assert name_points(asked, own, ("sampl",), {"lantern", "sampl"}) == points


@pytest.mark.parametrize(
    "text",
    ["", "call me on 07700 900123", "a@b.example", "b1 1bb", "sarah hit me", "mr nobody", "he is called something",
     "my neighbour Zebedee", "acacia avenue", "one two three four five six seven"],
)  # fmt: skip
def test_what_looks_like_a_person_a_place_or_a_story_is_never_kept(text: str) -> None:
    assert not may_keep(text, {"sarah"})


@pytest.mark.parametrize("text", ["wonky donkey", "Nobbled", "happy slapped"])
def test_plain_words_may_be_kept(text: str) -> None:
    assert may_keep(text, {"sarah"})


def test_a_way_of_saying_without_a_word_says_nothing() -> None:
    assert dict(Vocabulary((Meaning("sample", "Sample", ("…", "nobbled")),)).starts).keys() == {"nobbl"}
