"""What a dataset costs: to train on where it is hosted, and to do without training."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import msgspec

from tunelint.costs.break_even import FORMULA, Calls, compare
from tunelint.costs.estimate import Estimate, exactly
from tunelint.costs.money import AUTO_EPOCHS_SOURCE, Billing, auto_epochs, billed_tokens, hosted_money
from tunelint.costs.prices import Price, PriceBook
from tunelint.costs.report import (
    CostBreakEven,
    CostModel,
    CostMoney,
    CostReport,
    CostSteps,
    CostTokens,
    break_even_of,
    way_of,
)
from tunelint.costs.retirement import closing_of, months_between, retirement_of
from tunelint.costs.use import Use, labelling_hours
from tunelint.costs.ways import EVALUATION_CALLS, MONTHS, Situation, sensitivity, ways_of
from tunelint.text.numbers import plain

__all__ = [
    "Buyer",
    "DatasetCounts",
    "TrainingMoney",
    "billing_of",
    "calls_of",
    "dataset_report",
    "hosting_usd_month",
    "labelling_usd",
    "situation_of",
    "training_money",
]

_AUTOMATIC: Final = frozenset({"openai", "azure"})
"""Providers that choose the epochs when the job does not name them."""

_DEFAULT_EPOCHS: Final = {"together": 1, "fireworks": 1}
"""Epochs of a job that does not name them. Sources: together 3.1.1, ``create``; Fireworks 1.2.30 (read 2026-11)."""


class DatasetCounts(msgspec.Struct, frozen=True, kw_only=True):
    """The lengths of a dataset in tokens: of each whole example, and how many tokens all answers have."""

    lengths: Sequence[int]
    trained: int
    encoding: str
    exact: bool = True
    """Whether `encoding` is that of the model which is trained."""

    @property
    def examples(self) -> int:
        """How many examples were counted."""
        return len(self.lengths)


class Buyer(msgspec.Struct, frozen=True, kw_only=True):
    """For whom the costs are: where and what is trained, with the user's own numbers."""

    provider: str = ""
    title: str = ""
    model: str = ""
    billions: float | None = None
    """The model's parameters, where its architecture is known."""
    limit: int | None = None
    named: bool = True
    """Whether the user named the model; else it is the provider's default one."""


class TrainingMoney(msgspec.Struct, frozen=True, kw_only=True):
    """One hosted run."""

    billing: Billing
    price: Price
    usd: Estimate | None


def training_money(counts: DatasetCounts, buyer: Buyer, use: Use, prices: PriceBook) -> TrainingMoney | None:
    """Return what one hosted run costs; None without a known price or epochs."""
    price = prices.find(buyer.provider, buyer.model, buyer.billions)
    billing = billing_of(counts, buyer, use)
    if price is None or billing is None:
        return None
    return TrainingMoney(billing=billing, price=price, usd=hosted_money(billing, price, exact_tokens=counts.exact))


def billing_of(counts: DatasetCounts, buyer: Buyer, use: Use) -> Billing | None:
    """Return what is billed, None where nothing says how many epochs there are."""
    epochs = use.epochs or _DEFAULT_EPOCHS.get(buyer.provider)
    automatic = epochs is None and buyer.provider in _AUTOMATIC
    if automatic:
        epochs = auto_epochs(counts.examples)
    if epochs is None:
        return None
    return Billing(tokens=billed_tokens(counts.lengths, buyer.limit), epochs=epochs, automatic=automatic)


def calls_of(counts: DatasetCounts, use: Use) -> Calls | None:
    """Return what a call is made of; what the user does not say are the means of the dataset. None without a prompt."""
    if use.prompt_tokens is None or not counts.examples:
        return None
    total = sum(counts.lengths)
    mean_input = (total - counts.trained) / counts.examples
    mean_output = counts.trained / counts.examples
    return Calls(
        prompt_tokens=use.prompt_tokens,
        input_tokens=use.input_tokens if use.input_tokens is not None else round(mean_input, 1),
        output_tokens=use.output_tokens if use.output_tokens is not None else round(mean_output, 1),
        cache_hit=use.cache_hit or 0.0,
    )


def situation_of(
    counts: DatasetCounts, buyer: Buyer, use: Use, price: Price | None, run: TrainingMoney | None, today: date
) -> Situation:
    """Return what the ways are computed from."""
    training = exactly(use.training_usd) if use.training_usd is not None else run.usd if run is not None else None
    return Situation(
        calls=calls_of(counts, use),
        calls_per_month=use.calls_per_month,
        base=price.base if price is not None else None,
        tuned=price.tuned if price is not None else None,
        training_usd=training,
        labelling_usd=labelling_usd(counts, use),
        hosting_usd_month=hosting_usd_month(use, price),
        retrainings=_retrainings(buyer, today),
        as_of=price.as_of if price is not None else "",
        provider=buyer.title,
    )


def dataset_report(path: str, counts: DatasetCounts, buyer: Buyer, use: Use, prices: PriceBook, today: date) -> CostReport:
    """Return everything that is said of a dataset's costs on a day."""
    run = training_money(counts, buyer, use, prices)
    billing = billing_of(counts, buyer, use)
    price = prices.find(buyer.provider, buyer.model, buyer.billions) if buyer.provider else None
    situation = situation_of(counts, buyer, use, price, run, today)
    break_even, moved = _break_even(situation)
    return CostReport(
        path=path,
        model=CostModel(buyer.model, round(buyer.billions * 1e9) if buyer.billions else None, None) if buyer.model else None,
        steps=CostSteps(billing.epochs if billing is not None else None, None, None),
        tokens=CostTokens(billed_tokens(counts.lengths, buyer.limit), billing.billed if billing is not None else None),
        memory=None,
        time=None,
        money=_money(situation.training_usd, price, use, today),
        break_even=break_even,
        ways=[way_of(way) for way in ways_of(situation)],
        assumptions=[*_assumptions(counts, buyer, use, billing, situation.calls, today), *_hosting_words(use, price), *moved],
        missing=list(_missing(buyer, use, price, billing, situation.training_usd)),
    )


def _money(training: Estimate | None, price: Price | None, use: Use, today: date) -> CostMoney | None:
    if training is None:
        return None
    rounded = training.rounded(4)
    said = price is None or use.training_usd is not None
    as_of = today.isoformat() if price is None or said else price.as_of
    source = "said by the user" if price is None or said else price.source
    return CostMoney(rounded.value, rounded.low, rounded.high, as_of, source)


def _break_even(situation: Situation) -> tuple[CostBreakEven | None, list[str]]:
    """Return the break-even and what it is most sensitive to, where all that it needs is known."""
    calls, base, tuned, training = situation.calls, situation.base, situation.tuned, situation.training_usd
    if calls is None or base is None or tuned is None or training is None:
        return None, []
    once = (training + situation.labelling_usd).value
    monthly = (situation.hosting_usd_month or 0.0) + training.value * situation.retrainings.value / MONTHS
    found = compare(calls, base, tuned, once, calls_per_month=situation.calls_per_month, monthly_usd=monthly)
    return break_even_of(found), [FORMULA, sensitivity(calls, base, tuned, once)]


def hosting_usd_month(use: Use, price: Price | None) -> float | None:
    """Return what hosting of the tuned model costs a month: what the user says, else what the provider takes around the clock."""
    return use.hosting_usd_month if use.hosting_usd_month is not None or price is None else price.hosting_usd_month


def labelling_usd(counts: DatasetCounts, use: Use) -> Estimate:
    """Return US dollars of writing the examples that are still wanted; what exists is paid for. Nothing without a rate."""
    if use.labelling_usd_hour is None:
        return exactly(0)
    wanted = max((use.wanted_examples or 0) - counts.examples, 0)
    return labelling_hours(wanted, use) * use.labelling_usd_hour


def _retrainings(buyer: Buyer, today: date) -> Estimate:
    """Return how often within the year the model has to be tuned again because its base ends."""
    retirement = retirement_of(buyer.provider, buyer.model)
    if retirement is None:
        return Estimate(0, 0, 1)
    months = months_between(today, retirement.ends)
    return exactly(1) if 0 <= months < MONTHS else exactly(0)


def _assumptions(
    counts: DatasetCounts, buyer: Buyer, use: Use, billing: Billing | None, calls: Calls | None, today: date
) -> Iterator[str]:
    if buyer.model and not buyer.named:
        yield f"the model is {buyer.model}, the default of {buyer.title}: name one with --target {buyer.provider}/MODEL"
    if not counts.exact and counts.examples:
        yield f"tokens are counted with {counts.encoding} in place of the model's own tokenizer: 20% either way"
    if billing is not None and billing.automatic:
        yield f"{billing.epochs:g} epochs, chosen by the provider for {counts.examples:,} examples: {AUTO_EPOCHS_SOURCE}"
    elif billing is not None and use.epochs is None:
        yield f"{billing.epochs:g} epoch{'s' if billing.epochs != 1 else ''}, the default of {buyer.title}"
    if calls is not None and (use.input_tokens is None or use.output_tokens is None):
        yield (
            f"a call has {plain(calls.input_tokens)} input tokens beside the prompt and {plain(calls.output_tokens)} of answer, "
            "the means of this dataset"
        )
    if calls is not None and use.cache_hit is None:
        yield "a month and a year are counted as if no call found the prompt in the cache: --cache-hit SHARE says how many do"
    if calls is not None:
        yield f"at once is an evaluation of {EVALUATION_CALLS} calls, and for tuning the run and the labelling still wanted"
    if counts.examples or use.wanted_examples:
        yield _labelling_words(counts, use)
    retirement = retirement_of(buyer.provider, buyer.model)
    if retirement is not None:
        verb = "ended" if retirement.ends <= today else "ends"
        yield f"{buyer.model} {verb} on {retirement.ends}, and what was tuned on it with it ({retirement.source})"
    closing = closing_of(buyer.provider)
    if closing is not None and closing.closed is not None:
        yield f"{buyer.title} takes no new fine-tuning jobs from {closing.closed} on, so that nothing can be tuned again there"


def _hosting_words(use: Use, price: Price | None) -> Iterator[str]:
    if use.hosting_usd_month is not None or price is None:
        return
    if price.keeping_usd_month is not None:
        yield f"keeping the tuned model at ${plain(price.keeping_usd_month)} a month, as of {price.as_of}"
    elif price.hosting_usd_hour is not None:
        yield (
            f"hosting of the tuned model around the clock at ${plain(price.hosting_usd_hour)} an hour, "
            f"${price.hosting_usd_month:,.0f} a month, as of {price.as_of}"
        )


def _labelling_words(counts: DatasetCounts, use: Use) -> str:
    wanted = max((use.wanted_examples or 0) - counts.examples, 0)
    have, more = labelling_hours(counts.examples, use), labelling_hours(wanted, use)
    how = f"{use.minutes_per_example:g} minutes" if use.minutes_per_example is not None else "1 to 10 minutes"
    text = f"labelling at {how} an example: {have.low:,.0f} to {have.high:,.0f} hours for the {counts.examples:,} there are"
    return f"{text}, {more.low:,.0f} to {more.high:,.0f} for the {wanted:,} still wanted" if wanted else text


def _missing(buyer: Buyer, use: Use, price: Price | None, billing: Billing | None, training: Estimate | None) -> Iterator[str]:
    if not buyer.provider:
        yield "where it is trained: --target PROVIDER/MODEL"
    elif price is None:
        model = f" for {buyer.model}" if buyer.model else ""
        yield f"no dated price of {buyer.title}{model}: set it in the settings under [[costs.prices]], or give --training-usd"
    else:
        if price.training is None and use.training_usd is None:
            yield f"the training price of {price.name}: give --training-usd or [[costs.prices]]"
        if price.base is None or price.tuned is None:
            yield f"prices of calls to {buyer.model or buyer.title}, base and tuned: give [[costs.prices]]"
    if buyer.provider and billing is None and training is None:
        yield "epochs: --epochs N"
    if use.prompt_tokens is None:
        yield "tokens of the prompt that tuning would replace: --prompt-tokens N"
    if use.calls_per_month is None:
        yield "calls a month: --calls-per-month N"
    if hosting_usd_month(use, price) is None and buyer.provider not in _AUTOMATIC - {"azure"}:
        yield "hosting of the tuned model: --hosting-usd-month USD"
    if use.labelling_usd_hour is None:
        yield "what an hour of labelling costs: labelling-usd-hour in [costs]"
