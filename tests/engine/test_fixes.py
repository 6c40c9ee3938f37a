"""Fixes lose nothing: safe ones keep what records say, none leaves half a file, and a second run changes nothing."""

import errno
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.engine.records import RECORDS
from tests.linting import fix, lint, linter, request
from tunelint.engine.fixes import Change, changes, fix_file, plan_fixes
from tunelint.engine.session import Session
from tunelint.engine.sources import SourceError
from tunelint.engine.torn import is_within, torn_lines
from tunelint.rules import all_rules

TEXT_RULES = {code for code in all_rules() if code[:3] in {"FIL", "JSN"}}
ENDS = st.sampled_from(["\n", "\r\n", "\n", "\n\n"])
ODD = st.sampled_from(
    [
        '{"prompt": "a\u2028b", "completion": "c"}',
        "{'prompt': 'it', 'completion': None}",
        '{"prompt": "a", "completion": "b",}',
        '{"prompt": "a\tb", "completion": "c"}',
        '{"prompt": "a" "completion": "b"}',
        '{"prompt": "a", "completion": "b"}{"prompt": "c", "completion": "d"}',
        "",
        '{"prompt": "a", "completion": "b"} ',
    ]
)


def _values(data: bytes) -> list[Any]:
    """Return what the lines say that say something."""
    found = []
    for line in data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogatepass").replace("\r\n", "\n").split("\n"):
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


@given(lines=st.lists(st.tuples(st.one_of(RECORDS, ODD), ENDS), min_size=1, max_size=12), bom=st.booleans(), final=st.booleans())
@settings(max_examples=150, deadline=None)
def test_safe_fixes_of_the_text_keep_every_value(lines: list[tuple[str, str]], bom: bool, final: bool) -> None:
    text = "".join(record + end for record, end in lines)
    data = (b"\xef\xbb\xbf" if bom else b"") + (text if final else text.rstrip("\r\n")).encode("utf-8", "surrogatepass")
    try:
        fixed = fix(data, TEXT_RULES)
    except SourceError:
        return
    before, after = _values(data), _values(fixed)
    remaining = iter(after)
    assert all(any(value == other for other in remaining) for value in before), "every value is still there, in order"
    assert fix(fixed, TEXT_RULES) == fixed
    left = {one.code for one in lint(fixed, TEXT_RULES).diagnostics if one.fix is not None and one.fix.safety == "safe"}
    assert left == set()


@given(lines=st.lists(RECORDS, min_size=1, max_size=12), unsafe=st.booleans())
@settings(max_examples=100, deadline=None)
def test_fixing_twice_is_fixing_once(lines: list[str], unsafe: bool) -> None:
    data = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass")
    try:
        fixed = fix(data, set(all_rules()), unsafe=unsafe)
    except SourceError:
        return
    assert fix(fixed, set(all_rules()), unsafe=unsafe) == fixed


def test_array_keeps_its_layout() -> None:
    text = b'[\n  {"prompt": "a\tb", "completion": "c"},\n  {"prompt": "d", "completion": "e"}\n]\n'
    assert fix(text, {"JSN001"}, "train.json") == text.replace(b"\t", b"\\t")


def test_dropped_record_of_an_array_takes_its_comma() -> None:
    text = b'[{"prompt": "a", "completion": "b"}, {"prompt": "a", "completion": "b"}, {"prompt": "c", "completion": "d"}]\n'
    fixed = fix(text, {"DUP001"}, "train.json", unsafe=True)
    assert json.loads(fixed) == [{"prompt": "a", "completion": "b"}, {"prompt": "c", "completion": "d"}]


def test_failure_while_writing_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    path.write_bytes(b"old\n")

    def failing() -> Any:
        yield Change(1, b"old\n", b"new\n")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        fix_file(path, failing())
    assert path.read_bytes() == b"old\n"
    assert [one.name for one in tmp_path.iterdir()] == ["train.jsonl"]
    assert not fix_file(path, [Change(1, b"old\n", b"old\n")]), "there was nothing to write"


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_link_keeps_pointing_to_the_file(tmp_path: Path) -> None:
    target, link = tmp_path / "real.jsonl", tmp_path / "link.jsonl"
    target.write_bytes(b"old\n")
    link.symlink_to(target)
    assert fix_file(link, [Change(1, b"old\n", b"new\n")])
    assert link.is_symlink()
    assert target.read_bytes() == b"new\n"


@pytest.mark.parametrize("data", [b"PK\x03\x04\n\n\x80\n", '{"text": "a"}\n'.encode("utf-16"), b"<html>\n\n</html>"])
def test_what_cannot_be_read_is_left_alone(data: bytes) -> None:
    checked = linter(data)
    checked.read()
    assert list(changes(checked, plan_fixes(checked.plan, checked.findings(), frozenset({"safe", "unsafe"})))) == []


@pytest.mark.parametrize("name", ["train.csv", "train.txt"])
def test_tables_and_texts_are_not_fixed_in_place(name: str) -> None:
    one = linter(b"prompt,completion\na,b\n", {"DUP001"}, name)
    one.run()
    with pytest.raises(SourceError, match="cannot be fixed in place"):
        list(changes(one, plan_fixes(one.plan, one.findings(), frozenset({"safe"}))))


def test_empty_lines_of_a_torn_text_stay() -> None:
    torn = b'{"prompt": "a\n\n###\n\n", "completion": "b"}\n'
    sound = b'{"prompt": "c", "completion": "d"}\n'
    assert fix(torn + torn + sound + b"\n" + sound, TEXT_RULES) == torn + torn + sound + sound


def test_an_empty_line_has_a_fix_where_one_is_carried_out() -> None:
    torn = b'{"prompt": "a\n\n###\n\n", "completion": "b"}\n'
    data = b"\n" + torn + b'{"prompt": "c", "completion": "d"}\n\n'
    found = [one for one in lint(data, TEXT_RULES).diagnostics if one.code == "FIL003"]
    assert [(one.line, one.fix is not None) for one in found] == [(1, True), (3, False), (5, False), (8, True)]
    session = Session("train.jsonl", data.decode(), request(TEXT_RULES))
    session.read()
    assert [one.fix is not None for one in session.diagnostics() if one.code == "FIL003"] == [True, False, False, True]
    assert [(one.line, one.fix is not None) for one in session.located(range(8)) if one.code == "FIL003"] == [
        (one.line, one.fix is not None) for one in found
    ]


PIECES = st.sampled_from(
    ['{"text": "a"}', '{"text": "a', 'b"}', "", "  ", '{"text": "a",}', '{"a": 1,, "text": "b', "words", '"}', "{"]
)


@given(st.lists(PIECES, max_size=10))
def test_torn_texts_are_told_the_same_way_from_above_and_from_below(lines: list[str]) -> None:
    every = frozenset(range(1, len(lines) + 1))
    within = {number for number in every if is_within([line + "\n" for line in lines], number - 1)}
    assert torn_lines(lines, every) == within
    data = "".join(line + "\n" for line in lines).encode()
    mended = {one.line for one in lint(data, {"FIL003", "JSN001"}).diagnostics if one.code == "FIL003" and one.fix is not None}
    one = linter(data, {"FIL003", "JSN001"})
    assume(one.source.facts.container == "jsonl")  # values over several lines have no empty lines between them
    one.run()
    dropped = {
        change.line for change in changes(one, plan_fixes(one.plan, one.findings(), frozenset({"safe"}))) if change.after is None
    }
    assert mended == dropped


def test_commands_of_latex_get_their_backslashes_again() -> None:
    data = rb'{"text": "$\boxed{1}$, \frac{1}{2} \times 3"}' + b"\n" + rb'{"text": "a\tb \times"}' + b"\n"
    fixed = fix(data, {"JSN006"}, unsafe=True)
    assert fixed == rb'{"text": "$\\boxed{1}$, \\frac{1}{2} \\times 3"}' + b"\n" + rb'{"text": "a\tb \times"}' + b"\n"


def test_a_protected_file_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    path.write_bytes(b"old\n")
    path.chmod(0o444)
    with pytest.raises(SourceError, match="write-protected"):
        fix_file(path, [Change(1, b"old\n", b"new\n")])
    assert path.read_bytes() == b"old\n"
    assert [one.name for one in tmp_path.iterdir()] == ["train.jsonl"]
    assert not fix_file(path, [Change(1, b"old\n", b"old\n")]), "there was nothing to write"


def test_a_file_that_another_program_holds_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "train.jsonl"
    path.write_bytes(b"old\n")

    def refuse(one: Path, target: Path) -> Path:
        raise PermissionError(errno.EACCES, "The process cannot access the file", str(one))

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(SourceError, match="another program may have it open"):
        fix_file(path, [Change(1, b"old\n", b"new\n")])
    assert path.read_bytes() == b"old\n"
    assert [one.name for one in tmp_path.iterdir()] == ["train.jsonl"]


def test_a_folder_that_takes_no_file_is_named_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    path = tmp_path / "train.jsonl"
    path.write_bytes(b"old\n")
    with pytest.raises(SourceError, match=r"its folder takes no file \(Permission denied\)"):
        fix_file(path, [Change(1, b"old\n", b"new\n")])
