"""Keeps a rule's crash from ending a run: it is named once, and the other rules go on."""

import contextlib
import traceback
from collections.abc import Iterator

from tunelint.core.diagnostic import Skipped
from tunelint.core.errors import UserError

__all__ = ["Crashes"]


class Crashes:
    """The rules that crashed in a file, or lack something that the user can install, each with the first reason."""

    def __init__(self) -> None:
        self.reasons: dict[str, str] = {}
        self.traces: dict[str, str] = {}

    @contextlib.contextmanager
    def guard(self, code: str) -> Iterator[None]:
        """Run a rule; whatever it raises is remembered."""
        try:
            yield
        except Exception as problem:  # the purpose of this class  # noqa: BLE001
            self.note(code, problem)

    def note(self, code: str, problem: Exception) -> None:
        """Remember the first exception of a rule."""
        if code not in self.reasons:
            crashed = f"the rule crashed ({type(problem).__name__}: {problem}); please report it"
            self.reasons[code] = str(problem) if isinstance(problem, UserError) else crashed
            self.traces[code] = "".join(traceback.format_exception(problem))

    def merge(self, other: "Crashes") -> None:
        """Add the crashes of another part of the file."""
        self.reasons = {**other.reasons, **self.reasons}
        self.traces = {**other.traces, **self.traces}

    def skipped(self, path: str) -> list[Skipped]:
        """Return the crashes as checks that were skipped."""
        return [Skipped(code, reason, path) for code, reason in sorted(self.reasons.items())]
