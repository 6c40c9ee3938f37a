"""The verdict on a whole file, from the sample that was kept while it was read, and what the rules about it say."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from tunelint.advice.files import MEASURED
from tunelint.advice.sample import FEW, Drawn
from tunelint.core.errors import UserError
from tunelint.core.finding import Finding, Handle
from tunelint.core.record import Record
from tunelint.engine.crash import Crashes
from tunelint.engine.plan import Plan

if TYPE_CHECKING:
    from tunelint.advice.measured import Measured
    from tunelint.advice.verdict import Verdict

__all__ = ["Fetch", "advise", "draw", "judge_file", "say"]

Fetch = Callable[[Iterable[Handle]], dict[Handle, Record]]
"""Reads records again."""


def draw(items: Sequence[tuple[int, Handle]], fetch: Fetch) -> list[Drawn]:
    """Return the records of a sample, given by content hash and handle; those that are gone are left out."""
    records = fetch([handle for _, handle in items])
    drawn = []
    for identity, handle in items:
        example = records[handle].example if handle in records else None
        if example is not None:
            drawn.append(Drawn(identity, handle, example))
    return drawn


def advise(
    plan: Plan,
    items: Sequence[tuple[int, Handle]],
    records: int,
    fetch: Fetch,
    crashes: Crashes,
    pulse: Callable[[], None] = lambda: None,
) -> Iterator[Finding]:
    """Yield what the rules of a plan say of the verdict on a file with so many different records."""
    verdict = judge_file(plan, items, records, fetch, crashes, pulse)
    if verdict is not None:
        yield from say(plan, verdict, crashes)


def judge_file(
    plan: Plan,
    items: Sequence[tuple[int, Handle]],
    records: int,
    fetch: Fetch,
    crashes: Crashes,
    pulse: Callable[[], None] = lambda: None,
) -> "Verdict | None":
    """Return the verdict on a file; None where no rule of the plan speaks of one.

    A file too small to be judged has none either: the count of its records says it. Nothing is imported for it.
    """
    if not plan.advice or records < FEW:
        return None
    from tunelint.advice.scorecard import judge

    plan.context.measured = _measured(plan, items)
    found: list[Verdict | None] = []
    with crashes.guard(plan.advice[0].code):
        found.append(judge(draw(items, fetch), records, pulse))
    return found[0] if found else None


def _measured(plan: Plan, items: Sequence[tuple[int, Handle]]) -> "Measured | None":
    """Return what was measured of this sample. A file that cannot be read is none; the commands that need it complain."""
    text = plan.context.read(MEASURED) if plan.context.read is not None else None
    if text is None:
        return None
    from tunelint.advice.measured import content_key, find_measured, parse_measured

    try:
        known = parse_measured(text, MEASURED)
    except UserError:
        return None
    return find_measured(known, content_key(identity for identity, _ in items))


def say(plan: Plan, verdict: "Verdict", crashes: Crashes) -> Iterator[Finding]:
    """Yield what the rules of a plan say of a verdict."""
    for rule in plan.advice:
        with crashes.guard(rule.code):
            yield from rule.report(verdict, plan.context)
