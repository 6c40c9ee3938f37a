"""Carries out a measurement: consent, requests, result."""

import argparse
import asyncio
import contextlib
import math
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from tunelint.advice.asking import Asker, Question
from tunelint.advice.conversation import said_text
from tunelint.advice.endpoint import Endpoint, Policy, address_of, is_local
from tunelint.advice.files import MEASURED
from tunelint.advice.intervals import rows_for
from tunelint.advice.journal import Journal
from tunelint.advice.judge import JUDGE_TOKENS, Verdicts, judge_all, judge_messages
from tunelint.advice.measure import Answers, Plan, carry_out, plan_of
from tunelint.advice.measured import Measured, add_measured, read_measured
from tunelint.advice.metrics import metric_of
from tunelint.advice.prompt import Material, material_of, prompt_of
from tunelint.advice.reply import Usage
from tunelint.advice.results import arms_of, differences_of
from tunelint.advice.spending import Spending, cost_of
from tunelint.advice.ways import ROWS, WAYS, WayName
from tunelint.cli.console import Console, UsageError, write_atomically
from tunelint.cli.measure_text import consent, report
from tunelint.cli.options import finder_of, overrides_of
from tunelint.cli.prompt import Priced, draw, naming, priced
from tunelint.costs.prices import CallPrice
from tunelint.engine.drawing import Drawing
from tunelint.settings import Resolved, resolve
from tunelint.tokens import counter_for

__all__ = ["measure"]

_ENDPOINT: Final = "https://api.openai.com/v1"
_BASE: Final = "OPENAI_BASE_URL"
_JOURNAL: Final = Path(".tunelint") / "answers.jsonl"
_JUDGE: Final = "judge"
_SPARE: Final = 1.25
"""How far beyond the dearest outcome a run may go for answers that are lost, where the user sets no ceiling."""


class _Model(msgspec.Struct, frozen=True):
    """One model with where it is asked and what it costs."""

    address: str
    base: str
    priced: Priced

    @property
    def free(self) -> bool:
        """Whether it runs on this machine."""
        return is_local(self.address)


def measure(arguments: argparse.Namespace, console: Console) -> int:
    """Measure one dataset and return the exit code."""
    path = Path(arguments.path)
    if not path.exists():  # said before anything about keys
        raise UsageError(f"{path}: no such file")
    ways = _ways(arguments)
    resolved = resolve(path, finder_of(arguments).find(path.parent), overrides_of(arguments))
    models = _models(arguments, resolved, ways)
    keys = _keys(arguments, models)
    earlier = read_measured(path.parent)
    linter, drawing = draw(path, resolved, arguments.jobs, console)
    tokens = counter_for(linter.context.encoding).count
    with naming(path):
        material = material_of(drawing.drawn, drawing.flagged)
        prompt = prompt_of(material, tokens, arguments.count, arguments.budget)
    plan = plan_of(material, prompt, ways, _rows(arguments), arguments.budget, tokens, arguments.max_tokens)
    if not plan.cases:
        raise UsageError(f"{path}: no rows are held out that differ from those that may be shown: there is nothing to ask")
    with Journal(path.parent / _JOURNAL) as journal:
        measurement = _Measurement(arguments, plan, models, keys, journal, tokens, material)
        try:
            found = measurement.carry_out(path, drawing, console)
        except (KeyboardInterrupt, asyncio.CancelledError):
            console.complain(f"what was answered is kept in {journal.path}; run the same command again to go on")
            raise KeyboardInterrupt from None
    if found is None:
        return 0
    for line in measurement.complaints():
        console.complain(line)
    write_atomically(path.parent / MEASURED, [add_measured(earlier, found)])
    if arguments.output_format == "json":
        console.write([msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n"])
    else:
        console.write(report(found, arguments.goal, color=console.color))
        console.note(f"kept in {path.parent / MEASURED}")
    return 0 if found.complete else 2


class _Measurement:
    """One measurement from consent to result."""

    def __init__(
        self,
        arguments: argparse.Namespace,
        plan: Plan,
        models: Mapping[str, _Model],
        keys: Mapping[str, str | None],
        journal: Journal,
        tokens: Callable[[str], int],
        material: Material,
    ) -> None:
        self._arguments = arguments
        self._plan = plan
        self._models = models
        self._keys = keys
        self._journal = journal
        self._tokens = tokens
        self._task = material.task
        self._metric = metric_of(material.task.kind, [case.wanted for case in material.shown])
        self._spending = Spending()
        self._askers: dict[str, Asker] = {}
        self._judge_tokens = arguments.max_tokens or JUDGE_TOKENS
        self._ended = ""

    def carry_out(self, path: Path, drawing: Drawing, console: Console) -> Measured | None:
        """Ask for consent and then the models; return None where nothing was to be sent."""
        policy = Policy(
            concurrency=self._arguments.concurrency, per_minute=self._arguments.per_minute, timeout=self._arguments.timeout
        )
        endpoints = {address: Endpoint(address, key, policy) for address, key in self._keys.items()}
        shared = {(model.address, model.priced.model): model for model in self._models.values()}
        askers = {subject: self._asker(endpoints[model.address], model) for subject, model in shared.items()}
        self._askers = {way: askers[model.address, model.priced.model] for way, model in self._models.items()}
        if not self._agreed(path, console):
            return None
        self._journal.prepare()
        return self._result(path, drawing, *asyncio.run(self._ask(endpoints, path, console)))

    def _asker(self, endpoint: Endpoint, model: _Model) -> Asker:
        return Asker(endpoint, model.priced.model, self._journal, self._spending, model.priced.price, self._tokens)

    async def _ask(self, endpoints: Mapping[str, Endpoint], path: Path, console: Console) -> tuple[Answers, Verdicts | None]:
        running = asyncio.current_task()
        if running is not None:
            with contextlib.suppress(NotImplementedError):  # Windows ends a process without asking
                asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
        async with AsyncExitStack() as stack:
            for endpoint in endpoints.values():
                await stack.enter_async_context(endpoint)
            total = len(self._plan.requests)

            def step(done: int) -> None:
                console.progress(str(path), done, total)

            answers, self._ended = await carry_out(self._plan, self._prompted, self._spending, step)
            judge = self._askers.get(_JUDGE)
            if judge is None or self._ended:
                return answers, None
            total = 2 * sum(map(len, answers.values()))
            verdicts, self._ended = await judge_all(self._plan, answers, judge, self._judge_tokens, self._spending, step)
            return answers, verdicts

    @property
    def _prompted(self) -> dict[WayName, Asker]:
        return {way: self._askers[way] for way in self._plan.ways}

    def _agreed(self, path: Path, console: Console) -> bool:
        """Show what is to be sent, where to and for how much, set the ceilings, and ask."""
        plan, arguments = self._plan, self._arguments
        calls = list(self._calls())
        new = [call for call in calls if not call.known]
        known = all(model.free or model.priced.price is not None for model in self._models.values())
        if arguments.max_usd is not None and not known:
            raise UsageError("--max-usd cannot be kept without a price: give --input-usd and --output-usd, or --max-calls")
        likely = math.fsum(call.usd(call.usual) for call in new)
        most = math.fsum(call.usd(call.dearest) for call in new) * _SPARE
        spent = math.fsum(call.usd(call.dearest) for call in calls if call.known)
        max_usd = arguments.max_usd if arguments.max_usd is not None else (most + spent if known else None)
        max_calls = arguments.max_calls if arguments.max_calls is not None else math.ceil(len(new) * _SPARE)
        self._spending.limit(max_usd, max_calls)
        console.clear()
        for line in consent(
            path=str(path),
            rows=len(plan.cases),
            ways=plan.ways,
            targets=_targets(self._models),
            new=len(new),
            total=len(calls),
            usage=Usage(sum(call.usual.prompt for call in new), sum(call.usual.completion for call in new)),
            judge=self._models[_JUDGE].priced.model if _JUDGE in self._models else None,
            tools=any(one.tools is not None for one in plan.requests),
            usd=likely if known else None,
            most=min(most, max_usd) if max_usd is not None else None,
            calls=max_calls,
            as_of=sorted({model.priced.as_of for model in self._models.values() if model.priced.as_of}),
        ):
            console.note(line)
        if arguments.dry_run:
            return False
        return not new or arguments.yes or _asks(console)

    def _calls(self) -> Iterator["_Call"]:
        """Yield every call that is planned, with those of the judge as far as they can be foreseen."""
        plan, judge = self._plan, self._askers.get(_JUDGE)
        for one in plan.requests:
            asker = self._askers[one.way]
            reply = asker.known(plan.question(one))
            yield _Call(reply is not None, asker.price, plan.usual(one, self._tokens), plan.dearest(one, self._tokens))
            if judge is None:
                continue
            case = plan.cases[one.row]
            for given_first in (True, False):
                messages = judge_messages(case, said_text(reply.said) if reply is not None else "", given_first=given_first)
                question = Question(messages, self._judge_tokens)
                counted = question.dearest(self._tokens)
                usual = Usage(counted.prompt + (0 if reply is not None else plan.answer_tokens), 1)
                most = Usage(counted.prompt + (0 if reply is not None else plan.max_tokens), self._judge_tokens)
                known = reply is not None and judge.known(question) is not None
                yield _Call(known, judge.price, usual, most)

    def _result(self, path: Path, drawing: Drawing, answers: Answers, verdicts: Verdicts | None) -> Measured:
        """Return what was measured."""
        arms = arms_of(self._plan, answers, self._metric, self._prompted, self._tokens, verdicts)
        dates = sorted({model.priced.as_of for model in self._models.values() if model.priced.as_of})
        known = any(asker.price is not None for asker in self._askers.values())
        return Measured(
            content=drawing.content,
            dataset=path.name,
            records=drawing.records,
            measured_at=datetime.now(tz=UTC).isoformat(timespec="seconds"),
            endpoint=self._models[self._plan.ways[0]].base,
            task=self._task.kind,
            metric=self._metric.name,
            arms=arms,
            differences=differences_of(self._plan, answers, self._metric, arms),
            usd=self._spending.usd if known else None,
            prices_as_of=dates[0] if dates else None,
            complete=not self._ended,
            judge=self._models[_JUDGE].priced.model if verdicts is not None else None,
        )

    def complaints(self) -> list[str]:
        """Say what did not go as it should."""
        failed: dict[str, int] = {}
        for asker in set(self._askers.values()):
            for reason, count in asker.failed.items():
                failed[reason] = failed.get(reason, 0) + count
        said = [f"{count:,} request{'s' if count > 1 else ''} got no answer: {reason}" for reason, count in failed.items()]
        if self._spending.lost_usd > 0.00005:
            said.append(f"answers that were lost on the way may have cost up to ${self._spending.lost_usd:,.4f} more")
        if self._ended:
            said.append(f"ended early: {self._ended}; run again with a higher ceiling to go on, what was answered is kept")
        return said


class _Call(msgspec.Struct, frozen=True):
    """One planned call: whether its answer is there already, its price, and what it should and what it can be billed for."""

    known: bool
    price: CallPrice | None
    usual: Usage
    dearest: Usage

    def usd(self, usage: Usage) -> float:
        """Return what so many tokens cost."""
        return cost_of(self.price, usage) if self.price is not None else 0.0


def _targets(models: Mapping[str, _Model]) -> list[tuple[str, str]]:
    return sorted({(model.address, model.priced.model) for model in models.values()})


def _on_terminal() -> bool:
    return sys.stdin.isatty()


def _asks(console: Console) -> bool:
    """Ask for consent on a terminal; without one there is none."""
    if not _on_terminal():
        raise UsageError("nothing was sent: agree to the price with --yes")
    console.err.write("send them? [y/N] ")
    console.err.flush()
    if sys.stdin.readline().strip().lower() in {"y", "yes"}:
        return True
    console.note("nothing was sent")
    return False


def _rows(arguments: argparse.Namespace) -> int:
    if arguments.half_width is not None:
        return rows_for(arguments.half_width)
    return arguments.rows if arguments.rows is not None else ROWS


def _models(arguments: argparse.Namespace, resolved: Resolved, ways: Sequence[WayName]) -> dict[str, _Model]:
    """Return the model of each way, and the judge."""
    base = arguments.endpoint or os.environ.get(_BASE) or _ENDPOINT
    named = dict.fromkeys(ways, arguments.model)
    found = {way: _model(arguments, resolved, base, model) for way, model in named.items() if way != "tuned"}
    if arguments.tuned_model:
        where = arguments.tuned_endpoint or base
        found["tuned"] = _model(arguments, resolved, where, arguments.tuned_model, tuned=True)
    return found | ({_JUDGE: _model(arguments, resolved, base, arguments.judge)} if arguments.judge else {})


def _model(arguments: argparse.Namespace, resolved: Resolved, base: str, name: str | None, *, tuned: bool = False) -> _Model:
    address = address_of(base)
    model = priced(resolved, name, tuned=tuned)
    if is_local(address):
        model = Priced(model.model)
    if arguments.input_usd is not None:
        model = Priced(model.model, CallPrice(arguments.input_usd, arguments.output_usd))
    return _Model(address, base, model)


def _keys(arguments: argparse.Namespace, models: Mapping[str, _Model]) -> dict[str, str | None]:
    """Return the key of each address. A key goes to the endpoint that it is for and to no other."""
    main = next(model.address for way, model in models.items() if way != "tuned")
    found: dict[str, str | None] = {}
    for model in models.values():
        name = arguments.key_env if model.address == main else arguments.tuned_key_env
        option = "--key-env" if model.address == main else "--tuned-key-env"
        key = os.environ.get(name, "").strip() or None if name else None
        if key is None and not model.free and not arguments.dry_run:
            how = f"set {name}, or name its variable with {option}" if name else f"name its variable with {option}"
            raise UsageError(f"{model.address} wants a key: {how}")
        found[model.address] = key
    return found


def _ways(arguments: argparse.Namespace) -> tuple[WayName, ...]:
    named = {word.strip() for word in arguments.ways.split(",")}
    ways: tuple[WayName, ...] = tuple(way for way in WAYS if way in named)
    return (*ways, "tuned") if arguments.tuned_model else ways
