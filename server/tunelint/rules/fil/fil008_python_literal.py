"""FIL008: see the class."""

import json
import math
from collections.abc import Iterator
from typing import Any, Final

from tunelint.core.finding import Edit, Finding, Fix, Place, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake
from tunelint.text.faults import Cause

_CAUSES: Final = frozenset({Cause.SINGLE_QUOTES, Cause.PYTHON_WORD})
"""What JSON stumbles over first in Python's own notation; Python also takes a trailing comma, which is no sign of it."""


class PythonLiteral(RecordRule):
    r"""A line is Python's way to print an object, not JSON.

    ## Why

    `print(record)` and `str(record)` write single quotes, `None` and `True`. Nothing that reads JSON reads that, and replacing the
    quotes by hand breaks every text with an apostrophe.

    ## What to do

    Write records with `json.dumps(record)`. The fix reads the line as Python does and writes it as JSON, where that keeps all.

    ## Examples

    ```jsonl good
    {"prompt": "It's raining", "completion": "yes"}
    ```

    ```jsonl bad 1:
    {'prompt': "It's raining", 'completion': 'yes'}
    ```

    ```jsonl fixed
    {"prompt": "It's raining", "completion": "yes"}
    ```

    Sources: unslothai/unsloth issue 337; a copy of OpenAI's toy dataset of 4,130 such lines.
    """

    code = "FIL008"
    name = "python-literal"
    severity = Severity.ERROR
    fix = "safe"
    wakes = Wake.UNREADABLE
    stage = "line"
    unless = frozenset({"FIL001"})
    early = True

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for a line that Python reads and JSON does not."""
        text = record.text.strip()
        fault = record.parsed.fault
        if fault is None or fault.cause not in _CAUSES or context.file.container != "jsonl" or not text.startswith(("{", "[")):
            return
        import ast  # rarely needed, and not free

        try:
            value = ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
            return
        fix = None
        if _is_json(value):
            start = record.text.index(text)
            edit = Edit("raw", new=json.dumps(value, ensure_ascii=False), chars=(start, start + len(text)))
            fix = Fix("write the record as JSON", "safe", (edit,))
        yield self.finding(
            "the line is a Python literal, not JSON",
            Place(raw=(fault.start, max(fault.end, fault.start + 1))),
            help="write records with json.dumps: no consumer reads Python's quotes, None or True",
            fix=fix,
        )


def _is_json(value: Any) -> bool:
    """Tell whether JSON can hold a value without changing it."""
    work = [value]
    while work:
        item = work.pop()
        if isinstance(item, dict):
            if not all(isinstance(key, str) for key in item):
                return False
            work.extend(item.values())
        elif isinstance(item, list):
            work.extend(item)
        elif not (item is None or isinstance(item, str | bool | int) or (isinstance(item, float) and math.isfinite(item))):
            return False
    return True
