"""What is found in a file does not depend on its line ends, a byte order mark, or whether its last line ends."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.records import FILES
from tests.engine.test_blocks import LINES
from tests.linting import linter
from tunelint.rules import all_rules

CODES = frozenset(code for code in all_rules() if not code.startswith("FIL"))
"""All rules but those about the file's own form."""

FORMS = {
    "crlf": lambda data: data.replace(b"\n", b"\r\n"),
    "cr": lambda data: data.replace(b"\n", b"\r"),
    "bom": lambda data: b"\xef\xbb\xbf" + data,
    "last line open": lambda data: data[:-1],
}


def _found(data: bytes, *, arrays: bool) -> list[tuple[Any, ...]]:
    one = linter(data, CODES)
    one.plan.large = arrays
    return [
        (each.code, each.line, each.column, each.end_column, each.message, each.count, [place.line for place in each.related])
        for each in one.run().diagnostics
    ]


@pytest.mark.parametrize("form", FORMS)
@given(records=FILES | st.lists(LINES, min_size=1, max_size=20), arrays=st.booleans())
@settings(max_examples=40, deadline=None)
def test_findings_do_not_depend_on_line_ends(form: str, records: list[str], arrays: bool) -> None:
    data = "".join(f"{record}\n" for record in records).encode()
    assert _found(FORMS[form](data), arrays=arrays) == _found(data, arrays=arrays)
