"""What a terminal shows: nothing hidden, nothing that moves the cursor, marks under the right characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.report.runs import RUNS
from tunelint.core.diagnostic import Diagnostic, Excerpt, FileReport, RelatedPlace, Skipped
from tunelint.core.finding import Severity
from tunelint.core.run import Run
from tunelint.report import Style, write
from tunelint.report.style import visible, width


def _diagnostic(excerpt: Excerpt | None = None, message: str = "a fault", **fields: object) -> Diagnostic:
    values: dict[str, object] = {
        "code": "CHT003", "name": "some-name", "severity": Severity.WARNING, "path": "train.jsonl", "line": 7, "column": 12,
        "end_line": 7, "end_column": 14, "at": "a", "message": message, "excerpt": excerpt,
    } | fields  # fmt: skip
    return Diagnostic(**values)  # type: ignore[arg-type]


def _run(*ones: Diagnostic, hidden: tuple[Diagnostic, ...] = ()) -> Run:
    return Run("1.2.3", [FileReport("train.jsonl", records=9, diagnostics=list(ones))], hidden=list(hidden))


def _text(name: str, run: Run, style: Style = Style()) -> str:  # noqa: B008
    return "".join(write(name, run, style))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain é 日本", "plain é 日本"),
        ("全角\u3000空白", "全角\u3000空白"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\u200cx", "<U+200C>x"),
        ("👩\u200d💻", "👩<U+200D>💻"),
        ("a\tb", "a    b"),
        ("a\x1b[31m", "a<U+001B>[31m"),
        ("a\r\nb", "a<U+000D><U+000A>b"),
        ("a\u2028b\u0085c", "a<U+2028>b<U+0085>c"),
        ("\u202eabc", "<U+202E>abc"),
        ("10\u00a0km", "10<U+00A0>km"),
        ("\ud83d", "<U+D83D>"),
        ("\U000e0041", "<U+E0041>"),
    ],
)
def test_nothing_is_hidden(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("abc", 3), ("日本", 4), ("e\u0301", 1), ("ｱ", 1), ("Ａ", 2), ("\u1112\u1161\u11ab", 2), ("a\u20dd", 1), ("❤\ufe0f", 1), ("👩", 2), ("می\u200cخ", 3), ("\u3000", 2)],
)  # fmt: skip
def test_width_of_text(text: str, columns: int) -> None:
    assert width(text) == columns


@given(st.text(st.characters(codec=None)))
def test_visible_text_is_one_line_that_no_terminal_obeys(text: str) -> None:
    shown = visible(text)
    assert len(shown.splitlines()) <= 1
    assert not any(character < " " or "\x7f" <= character < "\xa0" or "\ud800" <= character < "\ue000" for character in shown)
    assert visible(shown) == shown


@pytest.mark.parametrize("columns", [30, 40, 60, 80, 200])
def test_an_excerpt_fits_the_terminal(columns: int) -> None:
    text = "word 日本 " * 7 + "MARK" + " word 日本" * 9
    start = text.index("MARK")
    one = _diagnostic(Excerpt(text, start, start + 4, cut_after=True))
    lines = _text("full", _run(one), Style(columns=columns)).splitlines()[2:4]
    assert all(width(line) <= columns for line in lines)
    assert width(lines[1]) - lines[1].count("^") == width(lines[0][: lines[0].index("MARK")])
    assert (columns == 200) is (text in lines[0])


def test_what_stands_for_more_of_its_kind_is_read_after_these() -> None:
    more = _diagnostic(message="9 more findings", line=1, column=1, count=9)
    shown = _text("full", _run(more, _diagnostic(), _diagnostic(message="another", code="DUP001")))
    assert shown.index("9 more findings") > shown.index("a fault")
    assert shown.index("9 more findings") > shown.index("another")


@pytest.mark.parametrize(
    ("excerpt", "lines"),
    [
        (Excerpt('{"a": "b"}', 6, 9), ['    7 | {"a": "b"}', "      |       ^^^"]),
        (Excerpt("日本x語", 2, 3, cut_before=True), ["    7 | …日本x語", "      |      ^"]),
        (Excerpt("e\u0301\tab", 3, 5, cut_after=True), ["    7 | e\u0301    ab…", "      |      ^^"]),
        (Excerpt("ab\x00c", 2, 3), ["    7 | ab<U+0000>c", "      |   ^^^^^^^^"]),
        (Excerpt('{"a": 1', 7, 7), ['    7 | {"a": 1', "      |        ^"]),
        (Excerpt("  \t ", 0, 1), []),
    ],
)
def test_marks_stand_under_what_they_mark(excerpt: Excerpt, lines: list[str]) -> None:
    assert _text("full", _run(_diagnostic(excerpt))).splitlines()[2:-3] == lines


def test_full_says_everything_once() -> None:
    related = tuple(RelatedPlace("val.jsonl", line, 1, "its twin") for line in range(1, 6))
    hidden = _diagnostic(severity=Severity.ERROR, count=4)
    run = _run(_diagnostic(None, "a\nb\x1b[2J", related=related, help="mend it"), hidden=(hidden,))
    assert _text("full", run, Style(statistics=True)) == (
        "warning[CHT003] a<U+000A>b<U+001B>[2J  some-name\n"
        "  --> train.jsonl:7:12  a\n"
        "  :: val.jsonl:1:1 its twin\n"
        "  :: val.jsonl:2:1 its twin\n"
        "  :: val.jsonl:3:1 its twin\n"
        "  :: and 2 more places\n"
        "  help: mend it\n"
        "\n"
        "       5  CHT003  some-name\n"
        "\n"
        "train.jsonl: 9 records, no known format\n"
        "Found 4 errors, 1 warning in 1 file (4 not shown).\n"
    )


@given(run=RUNS)
def test_concise_is_one_line_a_finding_whatever_it_says(run: Run) -> None:
    assert len(_text("concise", run).splitlines()) == len(run.diagnostics)


@pytest.mark.parametrize(("files", "lines"), [(3, 3), (4, 1), (90, 1)])
def test_a_reason_is_not_repeated_for_many_files(files: int, lines: int) -> None:
    left_out = [Skipped("FMT001", "no dataset", f"{number}.json") for number in range(files)]
    run = Run("1", [FileReport("a.jsonl")], [*left_out, Skipped("MED004", "nobody can look")])
    said = [line for line in _text("full", run).splitlines() if line.startswith("skipped")]
    assert said[-1] == "skipped MED004: nobody can look"
    assert len(said) == lines + 1
    assert lines > 1 or said[0] == f"skipped 0.json and {files - 1} more files: FMT001: no dataset"
