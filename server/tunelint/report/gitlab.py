"""GitLab's Code Quality report."""

from collections.abc import Iterator
from typing import Any, Final

from xxhash import xxh3_128_hexdigest

from tunelint.core.finding import Severity
from tunelint.core.run import Run
from tunelint.report.encoding import pretty, slashed
from tunelint.report.style import Style

__all__ = ["write"]

_LEVELS: Final = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFORMATION: "minor", Severity.HINT: "info"}


def write(run: Run, style: Style) -> Iterator[str]:
    """Yield one array; fingerprints are unique and stay the same where a record moves."""
    seen: dict[str, int] = {}
    entries: list[dict[str, Any]] = []
    for one in run.diagnostics:
        path = slashed(one.path)
        key = f"{path}\x00{one.fingerprint}"
        number = seen[key] = seen.get(key, -1) + 1
        entries.append(
            {
                "description": f"{one.message} ({one.code})",
                "check_name": one.name,
                "fingerprint": xxh3_128_hexdigest(f"{key}\x00{number}".encode("utf-8", "surrogatepass")),
                "severity": _LEVELS[one.severity],
                "location": {"path": path, "lines": {"begin": one.line, "end": one.end_line}},
            }
        )
    for unread in run.unread:
        path = slashed(unread.path)
        entries.append(
            {
                "description": f"the file could not be checked: {unread.reason}",
                "check_name": "not-checked",
                "fingerprint": xxh3_128_hexdigest(f"not-checked\x00{path}".encode("utf-8", "surrogatepass")),
                "severity": "blocker",
                "location": {"path": path, "lines": {"begin": 1, "end": 1}},
            }
        )
    yield pretty(entries)
