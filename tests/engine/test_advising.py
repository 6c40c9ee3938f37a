"""The verdict on a file does not depend on how the file is read."""

import random

import msgspec
import pytest

from tests.engine.test_parts import in_parts
from tests.linting import lint, linter, request
from tunelint.core.diagnostic import Diagnostic
from tunelint.dev.examples import blocks
from tunelint.engine.session import Session
from tunelint.rules import all_rules
from tunelint.rules.base import AdviceRule
from tunelint.text.lines import Position

CODES = {code for code, rule in all_rules().items() if issubclass(rule, AdviceRule)}
FILES = [
    pytest.param(block.data, id=code)
    for code in sorted(CODES)
    for block in blocks(all_rules()[code].page())
    if block.kind == "bad" and block.name.endswith(".jsonl")
]


def _plain(found: list[Diagnostic]) -> list[object]:
    return [msgspec.to_builtins(one) for one in found]


def _said(found: list[Diagnostic]) -> list[tuple[str, str, str]]:
    return [(one.code, one.message, one.help) for one in found]


@pytest.mark.parametrize("data", FILES)
def test_one_verdict_is_one_finding_on_the_first_line(data: bytes) -> None:
    (found,) = lint(data, CODES).diagnostics
    assert (found.line, found.at) == (1, "")
    assert len(found.message) <= 120
    assert found.evidence
    assert 1 <= len(found.related) <= 3


@pytest.mark.parametrize("data", FILES)
@pytest.mark.parametrize("cuts", [[1], [20, 21], [7, 15, 40, 50]])
def test_parts_give_the_verdict_of_one_pass(data: bytes, cuts: list[int]) -> None:
    assert _plain(in_parts(linter(data, CODES), cuts, 3)) == _plain(lint(data, CODES).diagnostics)


@pytest.mark.parametrize("data", FILES)
def test_order_and_copies_of_records_change_nothing(data: bytes) -> None:
    lines = data.splitlines(keepends=True)
    random.Random(5).shuffle(lines)
    expected = _said(lint(data, CODES).diagnostics)
    assert _said(lint(b"".join(lines), CODES).diagnostics) == expected
    assert _said(lint(b"".join(lines + lines[:9]), CODES).diagnostics) == expected


@pytest.mark.parametrize("data", FILES)
def test_a_session_judges_only_when_it_is_asked(data: bytes) -> None:
    session = Session("train.jsonl", data.decode(), request(CODES))
    session.read()
    assert session.diagnostics() == []
    assert session.advise()
    assert _plain(session.diagnostics()) == _plain(lint(data, CODES).diagnostics)
    assert not session.advise()


@pytest.mark.parametrize("data", FILES)
def test_a_session_judges_what_stands_there_after_edits(data: bytes) -> None:
    session = Session("train.jsonl", data.decode(), request(CODES))
    session.read()
    session.advise()
    session.edit(Position(0, 0), Position(3, 0), "")
    session.edit(Position(40, 0), Position(40, 0), data.decode().splitlines(keepends=True)[1])
    session.read()
    assert len(session.diagnostics()) == 1
    session.advise()
    assert _plain(session.diagnostics()) == _plain(lint(session.store.text, CODES).diagnostics)


def test_a_session_gives_up_when_it_is_told_to() -> None:
    class Interruption(BaseException):
        pass

    def interrupt() -> None:
        raise Interruption

    session = Session("train.jsonl", FILES[0].values[0].decode(), request(CODES), pulse=interrupt)  # type: ignore[union-attr]
    session.read()
    with pytest.raises(Interruption):
        session.advise()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b'{"text": "1"}\n' * 60,
        b'{"messages": [{"role": "user", "content": "1"}]}\n' * 60,
        b'{"messages": [{"role": "user", "content": "1"}, {"role": "assistant", "content": "2"}]}\n' * 60,
        b"".join(b'{"messages": [{"role": "user", "content": "%d"}, {"role": "assistant", "content": ""}]}\n' % n for n in range(60)),
    ],
)  # fmt: skip
def test_nothing_is_said_of_what_cannot_be_judged(data: bytes) -> None:
    report = lint(data, CODES)
    assert report.diagnostics == []
    assert report.skipped == []
