"""The verdict on a whole file, from the sample that was kept while it was read, and what the rules about it say."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from tunelint.advice.files import MEASURED
from tunelint.advice.sample import FEW, Drawn, Sample
from tunelint.core.errors import UserError
from tunelint.core.finding import Finding, Handle
from tunelint.core.record import Record
from tunelint.engine.crash import Crashes
from tunelint.engine.plan import Plan

if TYPE_CHECKING:
    from tunelint.advice.measured import Measured
    from tunelint.advice.verdict import Verdict

__all__ = ["Fetch", "draw", "judge_file", "judged", "say", "worth_judging"]

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


def worth_judging(plan: Plan, sample: Sample) -> bool:
    """Tell whether a rule of the plan speaks of the verdict, and the file is not too small for one: then nothing is imported."""
    return bool(plan.advice) and sample.distinct >= FEW


def judged(sample: Sample, fetch: Fetch, pulse: Callable[[], None]) -> "Verdict | None":
    """Return the verdict on a file, computed from a sample of its records."""
    from tunelint.advice.scorecard import judge

    return judge(draw(sample.items(), fetch), sample.distinct, pulse)


def judge_file(plan: Plan, sample: Sample, verdict: "Callable[[], Verdict | None]", crashes: Crashes) -> "Verdict | None":
    """Return what `verdict` says of a file by this sample; None where the file is not worth judging, and where that crashes.

    The plan's context is told what was measured of the sample.
    """
    if not worth_judging(plan, sample):
        return None
    plan.context.measured = _measured(plan, sample.items())
    found: list[Verdict | None] = []
    with crashes.guard(plan.advice[0].code):
        found.append(verdict())
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
