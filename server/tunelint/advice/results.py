"""What the answers of a measurement come to: a score with its interval for each way, and which way is better."""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import fmean, pstdev
from typing import Final

import msgspec

from tunelint.advice.asking import Asker
from tunelint.advice.intervals import Interval, bootstrap, compare, rows_for, rows_for_mean, wilson
from tunelint.advice.judge import Verdicts
from tunelint.advice.measure import Answers, Plan
from tunelint.advice.measured import Arm, Difference, Score
from tunelint.advice.metrics import Metric, exact
from tunelint.advice.reply import Reply
from tunelint.advice.spending import cost_of
from tunelint.advice.ways import WayName

__all__ = ["HALF_WIDTH", "arms_of", "differences_of"]

HALF_WIDTH: Final = 0.05
"""How narrow an interval is wanted, on each side, when the rows that are missing for it are counted."""


def arms_of(
    plan: Plan,
    answers: Answers,
    metric: Metric,
    askers: Mapping[WayName, Asker],
    tokens: Callable[[str], int],
    verdicts: Verdicts | None = None,
) -> tuple[Arm, ...]:
    """Return what each way comes to, in the order of the plan; `verdicts` are a judge's."""
    arms = []
    for way in plan.ways:
        arm = _arm(plan, way, answers[way], metric, askers[way], tokens)
        judged = [verdicts[way][row] for row in sorted(verdicts[way])] if verdicts is not None else []
        arms.append(msgspec.structs.replace(arm, judged=Score(*bootstrap(judged))) if judged else arm)
    return tuple(arms)


def _arm(
    plan: Plan, way: WayName, replies: Mapping[int, Reply], metric: Metric, asker: Asker, tokens: Callable[[str], int]
) -> Arm:
    rows = sorted(replies)
    scores = _scores(plan, replies, metric, rows)
    requests = {request.row: request for request in plan.requests if request.way == way}
    usages = [replies[row].usage or plan.usual(requests[row], tokens) for row in rows]
    price = asker.price
    return Arm(
        name=way,
        model=asker.model,
        shots=plan.shots[way],
        score=Score(*_interval(scores, metric)),
        rows=len(rows),
        asked=len(plan.cases),
        exact=_mean(exact(replies[row].said, plan.cases[row].wanted) for row in rows),
        readable=_mean(metric.readable(replies[row].said) for row in rows),
        cut=_mean(replies[row].cut for row in rows),
        input_tokens=_mean(usage.prompt for usage in usages),
        output_tokens=_mean(usage.completion for usage in usages),
        usd_per_1k_calls=1_000 * _mean(cost_of(price, usage) for usage in usages) if price is not None and usages else None,
        more_rows=_more_rows(scores, metric),
    )


def differences_of(plan: Plan, answers: Answers, metric: Metric, arms: Sequence[Arm]) -> tuple[Difference, ...]:
    """Return how ways compare on the rows that both answered: each with the one before, a tuned model with the best prompt."""
    prompts = [arm for arm in arms if arm.name != "tuned" and arm.rows]
    pairs = list(itertools.pairwise(prompts))
    if prompts:
        best = max(prompts, key=lambda arm: arm.score.value)
        pairs += [(best, arm) for arm in arms if arm.name == "tuned" and arm.rows]
    replies = {str(way): found for way, found in answers.items()}
    found = []
    for one, other in pairs:
        first, second = replies[one.name], replies[other.name]
        rows = sorted(set(first) & set(second))
        if rows:
            result = compare(_scores(plan, first, metric, rows), _scores(plan, second, metric, rows))
            found.append(
                Difference(
                    first=one.name,
                    second=other.name,
                    rows=len(rows),
                    value=result.difference.value,
                    low=result.difference.low,
                    high=result.difference.high,
                    p=result.p,
                    better=result.better,
                    worse=result.worse,
                )
            )
    return tuple(found)


def _scores(plan: Plan, replies: Mapping[int, Reply], metric: Metric, rows: Iterable[int]) -> list[float]:
    return [metric.score(replies[row].said, plan.cases[row].wanted) for row in rows]


def _interval(scores: Sequence[float], metric: Metric) -> Interval:
    return wilson(sum(scores), len(scores)) if metric.binary else bootstrap(scores)


def _more_rows(scores: Sequence[float], metric: Metric) -> int:
    """Return how many more rows narrow the interval as wanted, if they are like these."""
    if not scores:
        return rows_for(HALF_WIDTH)
    if metric.binary:
        return max(0, rows_for(HALF_WIDTH, fmean(scores)) - len(scores))
    return max(0, rows_for_mean(HALF_WIDTH, pstdev(scores)) - len(scores))


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return fmean(found) if found else 0.0
