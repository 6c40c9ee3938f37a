"""Measures a prompt on held-out rows: without examples, with chosen ones, with the nearest ones, and a tuned model beside them.

All ways are asked the same rows, row by row, so that a measurement that ends early still compares them fairly. The rows that are
asked never chose anything, and none of them resembles one that may be shown: choosing by the rows that are asked would deceive.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from tunelint.advice.asking import Asker, Question
from tunelint.advice.conversation import Case, Message, Tools
from tunelint.advice.prompt import Material, Prompt, Settled, opening, unlike
from tunelint.advice.reply import Reply, Usage
from tunelint.advice.spending import CeilingError, Spending
from tunelint.advice.ways import WayName
from tunelint.core.errors import UserError

__all__ = ["Answers", "Plan", "Request", "ask_all", "carry_out", "plan_of"]

_LONGEST_ANSWER: Final = 4_096
_SPARE: Final = 64
"""An answer may have half as many tokens again as the longest of the dataset and so many more, but no more than that."""

_PER_MESSAGE: Final = 4


class Request(msgspec.Struct, frozen=True):
    """One row asked in one way, with the tools that it declares where they are sent by the endpoint's own means."""

    way: WayName
    row: int
    messages: tuple[Message, ...]
    tools: Tools | None = None


class Plan(msgspec.Struct, frozen=True):
    """What is to be asked: the cases, and for each of them one request a way, in this order.

    `shots` is how many examples each way shows at most, `max_tokens` the longest answer, `answer_tokens` the usual one.
    """

    cases: tuple[Case, ...]
    ways: tuple[WayName, ...]
    requests: tuple[Request, ...]
    shots: Mapping[WayName, int]
    max_tokens: int
    answer_tokens: int

    def question(self, request: Request) -> Question:
        """Return what a model is asked."""
        return Question(request.messages, self.max_tokens, request.tools)

    def usual(self, request: Request, tokens: Callable[[str], int]) -> Usage:
        """Return what a request should be billed for."""
        return Usage(self.question(request).tokens(tokens), self.answer_tokens)

    def dearest(self, request: Request, tokens: Callable[[str], int]) -> Usage:
        """Return the most that a request can be billed for."""
        return self.question(request).dearest(tokens)


Answers = dict[WayName, dict[int, Reply]]
"""The replies of each way by the number of the case."""


def plan_of(
    material: Material,
    prompt: Prompt,
    ways: Sequence[WayName],
    rows: int,
    budget: int,
    tokens: Callable[[str], int],
    max_tokens: int | None = None,
) -> Plan:
    """Plan a measurement of at most so many rows; the examples of each request take at most `budget` tokens.

    `max_tokens` is the longest answer that is paid for, by default somewhat longer than the longest of the dataset.
    """
    usable = [case for case in material.shown if case.handle not in material.unusable]
    cases = unlike(material.asked, material.shown)[:rows]
    settled = prompt.settled
    native = settled.native
    nearest = _nearest(cases, usable, settled, len(prompt.shots), budget, tokens) if "nearest" in ways else []
    fixed = {"zero-shot": tuple(opening(settled, ())), "few-shot": tuple(opening(settled, prompt.shots))}
    requests = []
    for row, case in enumerate(cases):
        for way in ways:
            if way == "tuned":
                messages = _as_trained(case, native=native)
            elif way == "nearest":
                messages = (*opening(settled, nearest[row]), *settled.ask(case))
            else:
                messages = (*fixed[way], *settled.ask(case))
            requests.append(Request(way, row, messages, case.native if native else None))
    longest = max((tokens(case.pair.answer) for case in (*material.shown, *cases)), default=0)
    return Plan(
        cases=cases,
        ways=tuple(ways),
        requests=tuple(requests),
        shots={"zero-shot": 0, "tuned": 0, "few-shot": len(prompt.shots), "nearest": max(map(len, nearest), default=0)},
        max_tokens=max_tokens or min(_LONGEST_ANSWER, longest * 3 // 2 + _SPARE),
        answer_tokens=prompt.answer_tokens,
    )


def _as_trained(case: Case, *, native: bool) -> tuple[Message, ...]:
    """Return a case as a model tuned on this dataset has seen it: with the instructions of its own record and nothing else."""
    tools = f"Tools:\n{case.tools}" if case.tools and not native else ""
    own = "\n\n".join(part for part in (case.instructions, tools) if part)
    return (*((Message("system", own),) if own else ()), *case.ask)


def _nearest(
    cases: Sequence[Case], usable: Sequence[Case], settled: Settled, count: int, budget: int, tokens: Callable[[str], int]
) -> list[list[Case]]:
    """Return for each case the examples nearest to it, the nearest one last, where a model looks most."""
    if not cases or not usable or not count:
        return [[] for _ in cases]
    from tunelint.advice.vectors import Vectors

    vectors = Vectors([case.pair.request for case in usable], 4_096)
    near = vectors.of([case.pair.request for case in cases]) @ vectors.matrix.T
    costs: dict[int, int] = {}

    def cost(index: int) -> int:
        if index not in costs:
            messages = [*settled.ask(usable[index]), settled.answer(usable[index])]
            costs[index] = sum(tokens(message.text()) + _PER_MESSAGE for message in messages)
        return costs[index]

    found = []
    for row in (-near).argsort(axis=1, kind="stable")[:, : 4 * count].tolist():
        picked: list[int] = []
        used = 0
        for index in row:
            if len(picked) < count and used + cost(index) <= budget:
                picked.append(index)
                used += cost(index)
        found.append([usable[index] for index in reversed(picked)])
    return found


async def carry_out(
    plan: Plan, askers: Mapping[WayName, Asker], spending: Spending, progress: Callable[[int], None]
) -> tuple[Answers, str]:
    """Ask all that is planned; return the replies, and why it ended early, as `ask_all` does."""
    calls = [(askers[request.way], plan.question(request)) for request in plan.requests]
    replies, ended = await ask_all(calls, spending, progress)
    answers: Answers = {way: {} for way in plan.ways}
    for request, reply in zip(plan.requests, replies, strict=True):
        if reply is not None:
            answers[request.way][request.row] = reply
    return answers, ended


async def ask_all(
    calls: Sequence[tuple[Asker, Question]], spending: Spending, progress: Callable[[int], None]
) -> tuple[list[Reply | None], str]:
    """Ask many requests; return their replies, None for those without one, and why it ended early, empty where it did not.

    `progress` is told how many requests are done. Raises EndpointError. However it ends, requests that are on their way are
    waited for and their answers kept, because they are paid for; a second cancellation gives them up.
    """
    replies: list[Reply | None] = [None] * len(calls)
    done = 0
    ended = ""
    failures: list[UserError] = []

    def stop() -> None:
        spending.stop()
        for asker in {asker for asker, _ in calls}:
            asker.stop()

    async def one(number: int) -> None:
        nonlocal done, ended
        asker, question = calls[number]
        try:
            replies[number] = await asker.ask(question)
        except CeilingError as problem:
            ended = ended or str(problem)
            stop()
            return
        except UserError as problem:
            failures.append(problem)
            stop()
            return
        done += 1
        progress(done)

    everything = asyncio.gather(*map(one, range(len(calls))), return_exceptions=True)
    try:
        results = await asyncio.shield(everything)
    except asyncio.CancelledError:
        stop()
        await everything
        raise
    for result in (*failures, *results):
        if isinstance(result, Exception):
            raise result
    return replies, ended
