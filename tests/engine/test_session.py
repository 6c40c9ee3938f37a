"""After any sequence of edits a session's findings are those of a fresh run."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.records import FILES, RECORDS
from tests.linting import lint, request
from tunelint.engine.session import Session
from tunelint.rules import all_rules
from tunelint.text.lines import Position

_PIECES = st.one_of(
    st.sampled_from(["", "\n", "\r\n", "\r", " ", '"', "}", "x", "\u2028", "😀"]),
    RECORDS.map(lambda record: record + "\n"),
    st.lists(RECORDS, max_size=3).map("\n".join),
)
_PLACES = st.tuples(st.integers(0, 45), st.one_of(st.just(0), st.just(10_000), st.integers(0, 200)))
_EDITS = st.lists(st.tuples(_PLACES, _PLACES, _PIECES), max_size=8)


def _read(session: Session) -> None:
    session.read()
    while session.settle():
        session.read()
    assert session.settled


def _check(session: Session, codes: set[str]) -> None:
    expected = lint(session.store.text, codes).diagnostics
    found = session.diagnostics()
    assert session.skipped == []
    assert [msgspec.to_builtins(one) for one in found] == [msgspec.to_builtins(one) for one in expected]


@given(records=FILES, edits=_EDITS)
@settings(max_examples=150, deadline=None)
def test_incremental_equals_from_scratch(records: list[str], edits: list[tuple[tuple[int, int], tuple[int, int], str]]) -> None:
    codes = set(all_rules())
    try:
        session = Session("train.jsonl", "".join(f"{record}\n" for record in records), request(codes))
    except ValueError:
        return  # the first records happen to be another container
    _read(session)
    _check(session, codes)
    for start, end, text in edits:
        session.edit(Position(*start), Position(*end), text)
        try:
            _read(session)
        except ValueError:
            return  # it is another container now
        _check(session, codes)
