"""Which files are refused whole, and how the rest are read."""

import csv
import io
from pathlib import Path

import pytest

from alongside.support.arrivals.feeds.reading import MAX_BYTES, MAX_LINE_BYTES, FeedRefused, Line, read
from alongside.support.arrivals.feeds.rows import COLUMNS, Recast, separator_of
from alongside.support.arrivals.feeds.tests.samples import load, sample, text, write


def refusal(
    folder: Path, content: str | bytes, *, max_bytes: int = MAX_BYTES, recast: Recast | None = None
) -> FeedRefused:
    path = write(folder, content)
    with pytest.raises(FeedRefused) as caught:
        read(path, max_bytes=max_bytes, recast=recast)
    return caught.value


def numbered(count: int) -> list[dict[str, str]]:
    return [sample(source_ref=f"WM/26/{number}") for number in range(1, count + 1)]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\r\n\r\n", b" , ,\n".replace(b" ", b"")])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    assert refusal(tmp_path, content).reason_code == "empty_file"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"PK\x03\x04rest", "Excel workbook"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8brest", "gzip"),
        ("source_ref,reported_at".encode("utf-16"), "UTF-16"),
        (b"source_ref,rep\0rted_at\n", "bytes that no text file has"),
    ],
)
def test_a_file_that_is_not_csv_is_refused_with_what_to_do(tmp_path: Path, content: bytes, what: str) -> None:
    refused = refusal(tmp_path, content)
    assert refused.reason_code == "not_csv"
    assert what in refused.words
    assert "CSV UTF-8" in refused.words


def test_a_file_over_the_limit_is_refused_with_both_sizes(tmp_path: Path) -> None:
    refused = refusal(tmp_path, b"x" * 2_100_000, max_bytes=1_048_576)
    assert refused.reason_code == "too_big"
    assert "2.0 MB" in refused.words
    assert "1.0 MB" in refused.words


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_line_that_never_ends_is_refused_with_its_number(tmp_path: Path, line_end: str) -> None:
    content = text(numbered(2)).replace("\r\n", line_end) + "x" * (MAX_LINE_BYTES + 1)
    refused = refusal(tmp_path, content)
    assert refused.reason_code == "line_too_long"
    assert "Line 4 " in refused.words


def test_a_long_line_is_found_across_chunks(tmp_path: Path) -> None:
    line = "x" * 60_000 + "\n"
    assert refusal(tmp_path, line * 40 + "y" * 70_000).words.startswith("Line 41 ")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found_out(tmp_path: Path, separator: str) -> None:
    rows = list(csv.reader(io.StringIO(text([sample(safe_times="09:00-10:00;11:00-12:00", town="Nowhere, North")]))))
    made = io.StringIO()
    csv.writer(made, delimiter=separator).writerows(rows)
    (line,) = read(write(tmp_path, made.getvalue()))
    assert line.row is not None
    assert (line.row.safe_times, line.row.town) == ("09:00-10:00;11:00-12:00", "Nowhere, North")


def test_vertical_bars_are_refused_by_name(tmp_path: Path) -> None:
    refused = refusal(tmp_path, text(numbered(1)).replace(",", "|"))
    assert refused.reason_code == "wrong_delimiter" and "vertical bars" in refused.words


def test_what_stands_in_quotation_marks_separates_nothing() -> None:
    assert separator_of('"a;b;c;d",e') == "," and separator_of('"a,b";"c,d";e') == ";" and separator_of("one") == ","


def test_a_file_without_its_header_is_refused(tmp_path: Path) -> None:
    headless = text(numbered(2)).split("\r\n", 1)[1]
    assert refusal(tmp_path, headless).reason_code == "no_header"


def test_a_header_with_an_open_quote_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, '"source_ref,reported_at\n').reason_code == "not_csv"


def test_missing_unknown_and_repeated_columns_are_named(tmp_path: Path) -> None:
    fewer = tuple(column for column in COLUMNS if column not in ("consent", "phone_safe"))
    assert "phone_safe, consent" in refusal(tmp_path, text([], fewer)).words
    assert refusal(tmp_path, text([], (*COLUMNS, "Shoe Size"))).reason_code == "columns_unknown"
    assert "shoe size" in refusal(tmp_path, text([], (*COLUMNS, "Shoe Size"))).words
    assert refusal(tmp_path, text([], (*COLUMNS, " CONSENT "))).reason_code == "columns_repeated"


def test_header_names_may_be_in_capitals_spaced_and_in_any_order(tmp_path: Path) -> None:
    lines = text(numbered(3), tuple(reversed(COLUMNS))).split("\r\n")
    lines[0] = ", ".join(column.upper() for column in reversed(COLUMNS))
    assert load(write(tmp_path, "\r\n".join(lines))).accepted == 3


def test_a_header_alone_is_a_feed_of_nothing(tmp_path: Path) -> None:
    assert load(write(tmp_path, text([]))).sent == 0


@pytest.mark.parametrize(
    ("codec", "charset"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-bom"), ("cp1252", "windows-1252")]
)
def test_the_charset_is_found_and_the_accents_with_it(tmp_path: Path, codec: str, charset: str) -> None:
    reading = read(write(tmp_path, text([sample(given_name="Zoë", family_name="Sämpleford")]).encode(codec)))
    assert reading.charset == charset
    assert [(line.raw["given_name"], line.raw["family_name"]) for line in reading] == [("Zoë", "Sämpleford")]


def test_one_damaged_letter_does_not_turn_a_utf8_file_into_windows_1252(tmp_path: Path) -> None:
    rows = [sample(source_ref=f"R{n}", family_name="Sämpleford") for n in range(5)]
    damaged = text([*rows, sample(source_ref="R9", town="Birmingh@m")]).encode().replace(b"@m", b"\xe4m", 1)
    receipt = load(write(tmp_path, damaged.replace(b"testina\xe4mail", b"testina@mail")))
    assert receipt.charset == "utf-8"
    assert receipt.sent == 6


def test_rows_are_numbered_by_the_line_that_they_start_on(tmp_path: Path) -> None:
    rows = numbered(3)
    rows[0]["notes"] = "two\nlines"
    reading = read(write(tmp_path, text(rows)))
    assert [line.number for line in reading] == [2, 4, 5]
    assert reading.lines == 5


def lines_of(folder: Path, content: str) -> list[Line]:
    return list(read(write(folder, content)))


def test_blank_rows_are_not_rows(tmp_path: Path) -> None:
    content = text(numbered(1)) + "\r\n" + "," * (len(COLUMNS) - 1) + "\r\n" + "\r\n"
    assert [line.number for line in lines_of(tmp_path, content)] == [2]


def test_one_unclosed_quote_costs_one_row(tmp_path: Path) -> None:
    head, first, *rest = text(numbered(300)).rstrip("\r\n").split("\r\n")
    broken = first.replace("Testina", '"Testina')
    lines = lines_of(tmp_path, "\r\n".join([head, broken, *rest]))
    assert len(lines) == 300
    assert [fault.reason for fault in lines[0].faults] == ["row:broken_quotes"]
    assert lines[0].raw == {"row": broken}
    assert all(line.row for line in lines[1:])
    assert [line.number for line in lines] == list(range(2, 302))


def test_an_unclosed_quote_does_not_swallow_a_later_quoted_cell(tmp_path: Path) -> None:
    rows = numbered(3)
    rows[1]["notes"] = "said hello, and left"
    content = text(rows).replace("\r\nWM/26/2", "\r\nWM/26/2", 1)
    first, second, *rest = content.split("\r\n")
    lines = lines_of(tmp_path, "\r\n".join([first, second + '"cut off', *rest]))
    assert [bool(line.row) for line in lines] == [False, True, True]


def test_a_row_with_too_many_cells_costs_one_row(tmp_path: Path) -> None:
    head, first, *rest = text(numbered(2)).split("\r\n")
    lines = lines_of(tmp_path, "\r\n".join([head, first + ",more", *rest]))
    assert [line.faults[0].reason if line.faults else "" for line in lines] == ["row:wrong_columns", ""]


def test_quotation_marks_inside_a_cell_are_only_letters(tmp_path: Path) -> None:
    head, first, *rest = text(numbered(2)).split("\r\n")
    lines = lines_of(tmp_path, "\r\n".join([head, first + '42" screen', *rest]))
    assert lines[0].raw["notes"] == '42" screen'
    assert lines[1].row


def test_a_feed_comes_in_batches_too(tmp_path: Path) -> None:
    reading = read(write(tmp_path, text(numbered(5))))
    assert [[line.number for line in batch] for batch in reading.batches(2)] == [[2, 3], [4, 5], [6]]


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    reading = read(write(tmp_path, text(numbered(2))))
    write(tmp_path, text(numbered(3)))
    with pytest.raises(FeedRefused, match="file_changed"):
        list(reading)


def test_a_line_or_row_in_a_log_says_nothing_of_the_victim(tmp_path: Path) -> None:
    line = lines_of(tmp_path, text(numbered(1)))[0]
    assert "Sampleford" not in f"{line!r} {line.row!r} {line.row}"


def test_a_control_character_anywhere_in_the_file_is_found_in_its_row(tmp_path: Path) -> None:
    rows = numbered(3)
    rows[1]["notes"] = "bell \x07 \x1f"
    lines = lines_of(tmp_path, text(rows))
    assert [[fault.reason for fault in line.faults] for line in lines] == [[], ["notes:bad_characters"], []]


THEIRS = Recast({**{column: column for column in COLUMNS}, "source_ref": "Crime No"}, {"answers": {"y": "yes"}})
HEADER = text([]).replace("source_ref", "Crime No")


def test_columns_of_a_source_are_read_as_ours_and_others_left_out(tmp_path: Path) -> None:
    content = text([sample(consent="Y", phone_safe="y")]).replace("source_ref", "CRIME NO").replace("\r\n", ",Beat\r\n")
    (line,) = read(write(tmp_path, content), recast=THEIRS)
    assert line.row is not None
    assert (line.row.source_ref, line.row.consent, line.row.phone_safe) == (sample()["source_ref"], "yes", "yes")
    assert "Beat" not in line.raw.values() and line.raw["consent"] == "yes"


@pytest.mark.parametrize(
    ("content", "code", "word"),
    [
        (HEADER.replace("postcode,", ""), "columns_missing", "postcode"),
        (HEADER.replace("postcode,", "postcode,PostCode,"), "columns_repeated", "postcode"),
        (HEADER.replace(",", "|"), "wrong_delimiter", "vertical bars"),
        ("One,Two\n", "no_header", "Crime No"),
    ],
)
def test_a_header_that_is_not_the_sources_is_refused(tmp_path: Path, content: str, code: str, word: str) -> None:
    refused = refusal(tmp_path, content, recast=THEIRS)
    assert refused.reason_code == code and word in refused.words


def test_a_charset_that_was_set_is_used_unless_the_file_says_otherwise(tmp_path: Path) -> None:
    recast = Recast(THEIRS.columns, {}, "windows-1252")
    content = (HEADER + "x").encode()
    assert read(write(tmp_path, content), recast=recast).charset == "windows-1252"
    assert read(write(tmp_path, b"\xef\xbb\xbf" + content), recast=recast).charset == "utf-8-bom"
