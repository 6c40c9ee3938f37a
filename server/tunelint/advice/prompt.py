"""A prompt with a few examples, made from a dataset: what could stand in the place of a tuned model.

The system message is what is constant in the dataset (its instructions, its tools, a long beginning that all requests share) and
what is constant in its answers (labels, a JSON Schema, lengths). The examples come from the part that may be shown; the held-out
part is only ever asked.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from tunelint.advice.contract import Contract, contract_of
from tunelint.advice.conversation import Case, Message, case_of, texts_of, wire
from tunelint.advice.metrics import metric_of
from tunelint.advice.sample import Drawn, split
from tunelint.advice.selection import Chosen, choose
from tunelint.advice.task import Task, task_of
from tunelint.core.errors import UserError
from tunelint.core.example import written
from tunelint.core.finding import Handle

__all__ = [
    "BUDGET",
    "COUNT",
    "SLOT",
    "Material",
    "Prompt",
    "Settled",
    "is_native",
    "material_of",
    "opening",
    "prompt_of",
    "unlike",
]

COUNT: Final = 16
"""Examples that a prompt has unless the user says otherwise; DSPy's baseline without a model takes as many (LabeledFewShot).
Where there are more labels, there is one example for each of them, as far as the budget goes."""

BUDGET: Final = 2_000
"""Tokens that the examples may take together unless the user says otherwise."""

SLOT: Final = "{{input}}"
"""Stands where the request goes."""

PER_MESSAGE: Final = 4
_PRIMING: Final = 3
"""Tokens that a chat template puts around a message and in front of the answer, as for OpenAI's models."""

_HALF: Final = 0.5
_SHORTEST_FRAME: Final = 8
_LONG_FRAME: Final = 80
"""Characters that all requests must share to have a frame, and from which on its first lines go into the system message."""

_BREAK: Final = re.compile(r"\s")


class Material(msgspec.Struct, frozen=True):
    """A dataset divided into what may be shown and what may be asked, with the task that the shown part is.

    `unusable` are the handles of examples that must not be shown.
    """

    shown: tuple[Case, ...]
    asked: tuple[Case, ...]
    task: Task
    unusable: frozenset[Handle] = frozenset()


class Settled(msgspec.Struct, frozen=True):
    """What is constant in a dataset: the system message, and what stands before and after the variable part of a request.

    `instructions` and `tools` are those of most examples; `moved` is the beginning of all requests that the system message says.
    `native` tells that tools are given beside the messages, so that nothing is said of them in words.
    """

    system: str
    contract: Contract
    instructions: str = ""
    tools: str = ""
    moved: str = ""
    before: str = ""
    after: str = ""
    native: bool = False

    def ask(self, case: Case) -> tuple[Message, ...]:
        """Return the messages that ask a case after the system message; what is its own and not constant comes first."""
        first, *rest = case.ask
        own = [case.instructions] if case.instructions != self.instructions else []
        if case.tools != self.tools and case.tools and not self.native:
            own.append(f"Tools:\n{case.tools}")
        content = first.content.removeprefix(self.moved) if not rest else first.content
        return (Message(first.role, "\n\n".join([*own, content])), *rest)

    def answer(self, case: Case) -> Message:
        """Return the message that answers a case as the dataset does."""
        if self.native and case.wanted.calls:
            return Message("assistant", case.wanted.text, case.wanted.calls)
        return Message("assistant", case.pair.answer)

    def variable(self, case: Case) -> str | None:
        """Return what goes into the slot for a case; None where it is not asked as one message in the common frame."""
        asked = self.ask(case)
        content = asked[0].content
        inside = len(content) >= len(self.before) + len(self.after)
        if len(asked) > 1 or not inside or not content.startswith(self.before) or not content.endswith(self.after):
            return None
        return content[len(self.before) : len(content) - len(self.after)]


class Prompt(msgspec.Struct, frozen=True, kw_only=True):
    """The prompt, and what is known of it.

    `shots` are the examples in their order. `tools` are those that the examples call, as endpoints take them; a request that has
    others of its own adds them. `tokens` counts all but the input; `request_tokens` and `answer_tokens` are the medians of the
    dataset. `tests` are held-out cases that no example resembles, and `metric` is how answers are scored.
    """

    settled: Settled
    task: Task
    metric: str
    shots: tuple[Case, ...]
    tools: tuple[dict[str, Any], ...] = ()
    tests: tuple[Case, ...]
    chosen: Chosen
    tokens: int
    request_tokens: int
    answer_tokens: int

    def messages(self) -> list[Message]:
        """Return the whole prompt with the slot in the place of the input."""
        slot = Message("user", f"{self.settled.before}{SLOT}{self.settled.after}")
        return [*opening(self.settled, self.shots), slot]


def opening(settled: Settled, shots: Iterable[Case]) -> list[Message]:
    """Return the messages that stand before what is asked."""
    found = [Message("system", settled.system)] if settled.system else []
    for shot in shots:
        found += settled.ask(shot)
        found.append(settled.answer(shot))
    return found


def material_of(drawn: Iterable[Drawn], unusable: Collection[Handle] = frozenset()) -> Material:
    """Divide a sample of a dataset; raises UserError where a prompt cannot be made from it."""
    parts = split(drawn)
    shown = [case for case in map(case_of, parts.shown) if case is not None]
    asked = [case for case in map(case_of, parts.held_out) if case is not None]
    if not shown and asked:
        raise UserError(f"all {len(asked)} examples are held out to be asked: there are too few to show some of them")
    if not shown:
        raise UserError("no example has a request and an answer in words, so there is nothing to make a prompt of")
    return Material(tuple(shown), tuple(asked), task_of([case.pair for case in shown]), frozenset(unusable))


def is_native(material: Material) -> bool:
    """Tell whether tools are given by the endpoint's own means: the task is to call them, and each example declares some."""
    return material.task.kind == "tool" and all(case.native is not None for case in (*material.shown, *material.asked))


def settle(material: Material) -> Settled:
    """Find what is constant in a dataset."""
    shown = material.shown
    instructions, tools = _common(case.instructions for case in shown), _common(case.tools for case in shown)
    contract = contract_of([case.pair for case in shown], material.task.kind)
    alone = [case.ask[0].content for case in shown if len(case.ask) == 1]
    before, after = _frame(alone) if len(alone) == len(shown) else ("", "")
    moved = before[: before.rfind("\n") + 1]
    moved = moved if len(moved) >= _LONG_FRAME else ""
    native = is_native(material)
    system = _system(instructions, "", moved, "") if native else _system(instructions, tools, moved, contract.text)
    return Settled(system, contract, instructions, tools, moved, before[len(moved) :], after, native)


def _system(instructions: str, tools: str, moved: str, contract: str) -> str:
    parts = [instructions, f"Tools:\n{tools}" if tools else "", moved.strip(), contract]
    return "\n\n".join(part for part in parts if part)


def prompt_of(material: Material, tokens: Callable[[str], int], count: int | None = None, budget: int = BUDGET) -> Prompt:
    """Make the prompt; raises UserError where no example may be shown or none fits."""
    settled = settle(material)
    shown = material.shown
    if count is None:
        count = max(COUNT, len(settled.contract.labels))
    usable = [index for index, case in enumerate(shown) if case.handle not in material.unusable]
    if not usable:
        raise UserError(
            "every example that may be shown has a finding above information: `tunelint check` names them, mend these first"
        )

    def cost(row: int) -> int:
        case = shown[row]
        own = case.native.declared if case.native is not None and settled.native and case.tools != settled.tools else ()
        return _tokens_of([*settled.ask(case), settled.answer(case)], own, tokens)

    chosen = choose([case.pair for case in shown], material.task.kind, count, budget, cost, usable=usable)
    shots = tuple(shown[row] for row in chosen.rows)
    if not shots and count:
        raise UserError(f"no example fits into {budget:,} tokens: allow more with --budget")
    messages = [*opening(settled, shots), Message("user", settled.before + settled.after)]
    tools = _tools_of(settled, shown, shots)
    return Prompt(
        settled=settled,
        task=material.task,
        metric=metric_of(material.task.kind, [case.wanted for case in shown]).name,
        shots=shots,
        tools=tools,
        tests=unlike(material.asked, shots),
        chosen=chosen,
        tokens=_tokens_of(messages, tools, tokens) + _PRIMING,
        request_tokens=_median(tokens(case.pair.request) for case in shown[:_MEDIAN_OF]),
        answer_tokens=_median(tokens(case.pair.answer) for case in shown[:_MEDIAN_OF]),
    )


def _tokens_of(messages: Sequence[Message], tools: Sequence[dict[str, Any]], tokens: Callable[[str], int]) -> int:
    """Return the tokens of messages with their calls, of what stands in the place of the tools' answers, and of tools."""
    said = sum(PER_MESSAGE + sum(map(tokens, texts_of(message))) for message in wire(messages))
    return said + (tokens(written(list(tools))) if tools else 0)


def _tools_of(settled: Settled, shown: Sequence[Case], shots: Sequence[Case]) -> tuple[dict[str, Any], ...]:
    """Return the tools that most examples share and those of the examples that are shown, each name once."""
    if not settled.native:
        return ()
    shared = next((case for case in shown if settled.tools and case.tools == settled.tools), None)
    found: dict[str, dict[str, Any]] = {}
    for case in (shared, *shots):
        for tool in case.native.declared if case is not None and case.native is not None else ():
            found.setdefault(tool["function"].get("name", ""), tool)
    return tuple(found.values())


_MEDIAN_OF: Final = 300
_ALIKE: Final = 0.95
"""Cosine of two requests from which on they are the same one with a slip of the pen."""


def unlike(asked: Sequence[Case], shots: Sequence[Case]) -> tuple[Case, ...]:
    """Return the cases whose request is not nearly that of an example."""
    if not asked or not shots:
        return tuple(asked)
    from tunelint.advice.vectors import Vectors

    vectors = Vectors([case.pair.request for case in [*shots, *asked]])
    near = (vectors.matrix[len(shots) :] @ vectors.matrix[: len(shots)].T).max(axis=1)
    return tuple(case for case, nearness in zip(asked, near.tolist(), strict=True) if nearness < _ALIKE)


def _median(counts: Iterable[int]) -> int:
    ordered = sorted(counts)
    return ordered[len(ordered) // 2]


def _common(texts: Iterable[str]) -> str:
    """Return the text that at least half of the examples have; empty where none is."""
    counts: Mapping[str, int] = Counter(texts)
    text, count = max(counts.items(), key=lambda item: (item[1], item[0]))
    return text if count >= _HALF * sum(counts.values()) else ""


def _frame(requests: Sequence[str]) -> tuple[str, str]:
    """Return what all requests begin and end with, in whole words; both empty where requests are equal or share too little."""
    before = _beginning(requests)
    if len(set(requests)) < 2:
        return "", ""
    before = before[: _last_break(before)]
    rests = [request[len(before) :] for request in requests]
    after = _beginning([rest[::-1] for rest in rests])[::-1]
    start = _BREAK.search(after)
    after = after[start.start() :] if start is not None else ""
    return (before if len(before) >= _SHORTEST_FRAME else ""), (after if len(after) >= _SHORTEST_FRAME else "")


def _beginning(texts: Sequence[str]) -> str:
    first, last = min(texts), max(texts)
    pairs = zip(first, last, strict=False)
    return first[: next((index for index, (one, other) in enumerate(pairs) if one != other), min(len(first), len(last)))]


def _last_break(text: str) -> int:
    return max((match.end() for match in _BREAK.finditer(text)), default=0)
