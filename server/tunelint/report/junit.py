"""JUnit XML: a test suite a file, a test case a rule that found something."""

import re
from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from tunelint.core.diagnostic import Diagnostic
from tunelint.core.finding import Severity
from tunelint.core.run import Run
from tunelint.report.style import Style

__all__ = ["write"]

_FAILING: Final = frozenset({Severity.ERROR, Severity.WARNING})
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped."""


def write(run: Run, style: Style) -> Iterator[str]:
    """Yield the document. Errors and warnings are failures; a file without either passes, one that was not checked does not."""
    suites = [(report, [one for one in report.diagnostics if one.severity in _FAILING]) for report in run.files]
    tests = sum(max(len(failed), 1) for _, failed in suites) + len(run.unread)
    failures = sum(len(failed) for _, failed in suites)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<testsuites name="tunelint" tests="{tests}" failures="{failures}" errors="{len(run.unread)}">\n'
    for report, failed in suites:
        yield (
            f'  <testsuite name={_attribute(report.path)} tests="{max(len(failed), 1)}" failures="{len(failed)}" errors="0" '
            f'skipped="0" time="0">\n'
        )
        yield from map(_case, failed)
        if not failed:
            yield f'    <testcase name="no errors or warnings" classname={_attribute(report.path)} time="0"/>\n'
        yield "  </testsuite>\n"
    for one in run.unread:
        yield f'  <testsuite name={_attribute(one.path)} tests="1" failures="0" errors="1" skipped="0" time="0">\n'
        yield f'    <testcase name="the file could not be checked" classname={_attribute(one.path)} time="0">\n'
        yield f"      <error message={_attribute(one.reason)}/>\n    </testcase>\n  </testsuite>\n"
    yield "</testsuites>\n"


def _case(one: Diagnostic) -> str:
    name = f"{one.code} {one.name} at line {one.line}, column {one.column}"
    text = f"{one.path}:{one.line}:{one.column}: {one.message}" + (f"\n{one.help}" if one.help else "")
    return (
        f'    <testcase name={_attribute(name)} classname={_attribute(one.path)} time="0">\n'
        f"      <failure type={_attribute(str(one.severity))} message={_attribute(one.message)}>"
        f"{escape(_clean(text))}</failure>\n"
        "    </testcase>\n"
    )


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)


def _attribute(text: str) -> str:
    return quoteattr(_clean(text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
