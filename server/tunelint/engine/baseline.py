"""Known findings that are not reported: a file of content hashes, because JSON Lines has no comments to say so in.

A finding is known by the content of its record, its rule and its place inside the record, so it stays known where the record
moves and is new where the record changes.
"""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from tunelint.core.diagnostic import Diagnostic, FileReport
from tunelint.engine.collector import folded
from tunelint.engine.sources.base import SourceError
from tunelint.rules import all_rules

__all__ = ["USUAL_NAME", "Baseline", "Known", "load", "of_reports"]

USUAL_NAME: Final = "tunelint-baseline.json"
"""What a baseline is called where the user gives no other name."""

_VERSION: Final = 1


class Known(NamedTuple):
    """What a finding is known by."""

    path: str
    code: str
    fingerprint: str


class Baseline:
    """Known findings of the files below a folder, with how often each is known."""

    def __init__(self, folder: Path, counts: dict[Known, int], messages: dict[Known, str]) -> None:
        self.counts = counts
        self._folder = folder
        self._messages = messages

    @property
    def total(self) -> int:
        """How many findings are known."""
        return sum(self.counts.values())

    def filter(self, report: FileReport) -> FileReport:
        """Return a report without known findings; what is left is folded as usual."""
        left = dict(self.counts)
        kept: dict[str, list[Diagnostic]] = {}
        path = _relative(report.path, self._folder)
        baselined = 0
        for one in report.diagnostics:
            key = Known(path, one.code, one.fingerprint)
            known = min(left.get(key, 0), one.count)
            if known:
                left[key] -= known
                baselined += known
                if known == one.count:
                    continue
                one = msgspec.structs.replace(one, count=one.count - known)  # noqa: PLW2901
            kept.setdefault(one.code, []).append(one)
        found = [one for code, ones in kept.items() for one in folded(ones, all_rules()[code].shown, report.path)]
        found.sort(key=lambda one: (one.line, one.column, one.code, one.at, one.count))
        return msgspec.structs.replace(report, diagnostics=found, baselined=baselined)

    def add(self, one: Diagnostic) -> None:
        """Know one more finding."""
        key = Known(_relative(one.path, self._folder), one.code, one.fingerprint)
        self.counts[key] = self.counts.get(key, 0) + one.count
        self._messages.setdefault(key, one.message)

    def kept_in(self, found: "Baseline") -> "Baseline":
        """Return those known findings that were found again."""
        counts = {key: min(count, found.counts.get(key, 0)) for key, count in self.counts.items()}
        return Baseline(self._folder, {key: count for key, count in counts.items() if count}, self._messages)

    def write(self) -> Iterator[str]:
        """Yield the text of the file: one finding a line, sorted, so that its changes can be read."""
        yield f'{{"version": {_VERSION}, "findings": ['
        for number, key in enumerate(sorted(self.counts)):
            entry: dict[str, Any] = {**key._asdict(), "count": self.counts[key], "message": self._messages[key]}
            yield (",\n" if number else "\n") + json.dumps(entry, ensure_ascii=False)
        yield "\n]}\n"


def of_reports(reports: Iterable[FileReport], folder: Path) -> Baseline:
    """Return the findings of some reports as a baseline that lies in `folder`."""
    found = Baseline(folder, {}, {})
    for report in reports:
        for one in report.diagnostics:
            found.add(one)
    return found


def load(path: Path) -> Baseline:
    """Read a baseline; raises SourceError that says what is wrong with it."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as problem:
        raise SourceError(f"{path}: there is no such baseline; `tunelint baseline create` writes one") from problem
    except (OSError, UnicodeDecodeError) as problem:
        raise SourceError(f"{path}: the baseline cannot be read ({problem})") from problem
    try:
        counts, messages = _entries(json.loads(text), path)
    except json.JSONDecodeError as problem:
        raise SourceError(f"{path}:{problem.lineno}:{problem.colno}: the baseline is no JSON ({problem.msg})") from problem
    except (KeyError, TypeError, ValueError) as problem:
        raise SourceError(f"{path}:1:1: no baseline of tunelint; `tunelint baseline create` writes one") from problem
    return Baseline(path.parent, counts, messages)


def _entries(value: Any, path: Path) -> tuple[dict[Known, int], dict[Known, str]]:
    if value["version"] != _VERSION:
        raise SourceError(f"{path}:1:1: version {value['version']} of the baseline; this tunelint reads {_VERSION}")
    counts: dict[Known, int] = {}
    messages: dict[Known, str] = {}
    for entry in value["findings"]:
        key = Known(str(entry["path"]), str(entry["code"]), str(entry["fingerprint"]))
        counts[key] = counts.get(key, 0) + int(entry.get("count", 1))
        messages[key] = str(entry.get("message", ""))
    return counts, messages


def _relative(name: str, folder: Path) -> str:
    """Return a path relative to the baseline's folder, with forward slashes."""
    return Path(os.path.relpath(name, folder)).as_posix()
