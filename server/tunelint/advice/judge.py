"""Lets a model judge answers: beside the dataset's own answer, twice, with the two in changed places.

A judge prefers what it reads first, so each pair is judged in both orders and the two verdicts are averaged: 1 where the answer
is better than the dataset's, one half where it is as good, 0 where it is worse. A judge is a model with a taste of its own; it is
asked only where the user says so.
"""

import re
from collections.abc import Callable, Mapping
from statistics import fmean
from typing import Final

from tunelint.advice.asking import Asker, Question
from tunelint.advice.conversation import Case, Message, said_text
from tunelint.advice.measure import Answers, Plan, ask_all
from tunelint.advice.metrics import Said
from tunelint.advice.spending import Spending
from tunelint.advice.ways import WayName

__all__ = ["JUDGE_TOKENS", "Verdicts", "judge_all", "judge_messages", "verdict_of"]

JUDGE_TOKENS: Final = 16
"""Tokens that a verdict may have."""

Verdicts = Mapping[WayName, Mapping[int, float]]
"""What the answers of each way are worth, by the number of the case."""

_SYSTEM: Final = (
    "You compare two answers to the same request. Judge whether they are right, complete and as the request wants them; length "
    "is no merit. Answer with one letter and nothing else: A if answer A is better, B if answer B is better, C if they are equal."
)
_LETTER: Final = re.compile(r"\b([ABC])\b")


def judge_messages(case: Case, given: str, *, given_first: bool) -> tuple[Message, ...]:
    """Return what the judge is asked about one answer."""
    first, second = (given, case.pair.answer) if given_first else (case.pair.answer, given)
    asked = "\n\n".join(message.content for message in case.ask)
    compared = f"REQUEST\n{asked}\n\nANSWER A\n{first}\n\nANSWER B\n{second}\n\nWhich is better: A, B or C?"
    return (Message("system", _SYSTEM), Message("user", compared))


def verdict_of(said: Said, *, given_first: bool) -> float | None:
    """Return what a verdict is worth for the answer that is judged; None where it is none."""
    found = _LETTER.search(said.text.upper())
    if found is None:
        return None
    return 0.5 if found[1] == "C" else float((found[1] == "A") == given_first)


async def judge_all(
    plan: Plan, answers: Answers, asker: Asker, max_tokens: int, spending: Spending, progress: Callable[[int], None]
) -> tuple[Verdicts, str]:
    """Let the judge compare every answer with the dataset's; return what they are worth, and why it ended early."""
    subjects = [(way, row, given_first) for way in plan.ways for row in sorted(answers[way]) for given_first in (True, False)]
    calls = [
        (asker, Question(judge_messages(plan.cases[row], said_text(answers[way][row].said), given_first=given_first), max_tokens))
        for way, row, given_first in subjects
    ]
    replies, ended = await ask_all(calls, spending, progress)
    found: dict[WayName, dict[int, list[float]]] = {way: {} for way in plan.ways}
    for (way, row, given_first), reply in zip(subjects, replies, strict=True):
        worth = verdict_of(reply.said, given_first=given_first) if reply is not None else None
        if worth is not None:
            found[way].setdefault(row, []).append(worth)
    return {way: {row: fmean(both) for row, both in rows.items() if len(both) == 2} for way, rows in found.items()}, ended
