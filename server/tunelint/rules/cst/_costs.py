"""What the cost rules have in common."""

from collections.abc import Hashable
from typing import TYPE_CHECKING, Final

from tunelint.core.bag import Bag
from tunelint.core.record import Record
from tunelint.costs.prices import Price, PriceBook
from tunelint.rules.base import Context, TallyRule, Wake

if TYPE_CHECKING:
    from tunelint.costs.dataset import Buyer, DatasetCounts, TrainingMoney

__all__ = ["CostRule", "dollars"]

_STEP: Final = 256
"""What is cut from long examples is counted in steps of so many tokens, so that the bag stays small."""

_CENTS_BELOW: Final = 1_000


class CostRule(TallyRule):
    """A rule that needs the price of one training run. It observes only what is cut from examples above the limit.

    Most runs never ask for a price, so what computes one is imported where it is first needed.
    """

    wakes = Wake.LONG
    needs_tokens = True

    def applies(self, context: Context) -> bool:
        """Speak only of a hosted model that the user named, or gave a budget for, and whose training price is known."""
        if context.target is None or not context.target.hosted or context.dialect is None:
            return False
        if not context.named_model and context.use.budget_usd is None:
            return False
        price = self.price(context)
        return price is not None and (price.training is not None or context.use.training_usd is not None)

    def observe(self, record: Record, context: Context) -> Hashable:
        """Count what an example has above the limit, in steps."""
        if record.lengths is None or context.limit is None:
            return None
        return max(record.lengths.total - context.limit, 0) // _STEP

    def price(self, context: Context) -> Price | None:
        """Return the price of the target's model."""
        buyer = self.buyer(context)
        return PriceBook(context.use.prices).find(buyer.provider, buyer.model, buyer.billions)

    def buyer(self, context: Context) -> "Buyer":
        """Return for whom the costs are."""
        from tunelint.costs.dataset import Buyer
        from tunelint.costs.models import find_model

        assert context.target is not None
        shape = find_model(context.model)
        billions = shape.params / 1e9 if shape is not None else None
        return Buyer(provider=context.target.name, title=context.target.title, model=context.model, billions=billions)

    def counts(self, bag: Bag, context: Context) -> "DatasetCounts | None":
        """Return the dataset's tokens, long examples cut at the limit; None for a file without any."""
        from tunelint.costs.dataset import DatasetCounts

        tokens, records = context.tokens, context.file.records
        if tokens is None or not tokens.total or not records:
            return None
        cut = sum((item * _STEP + _STEP // 2) * count for item, count in bag.counts.items() if isinstance(item, int))
        total = max(tokens.total - cut, 0)
        mean, rest = divmod(total, records)
        limits = context.model_limits
        exact = limits is not None and limits.exact
        lengths = [mean + 1] * rest + [mean] * (records - rest)
        return DatasetCounts(lengths=lengths, trained=tokens.trained, encoding=tokens.encoding, exact=exact)

    def money(self, counts: "DatasetCounts", context: Context) -> "TrainingMoney | None":
        """Return what one run costs."""
        from tunelint.costs.dataset import training_money

        return training_money(counts, self.buyer(context), context.use, PriceBook(context.use.prices))


def dollars(value: float) -> str:
    """Write an amount of US dollars for a message."""
    return f"${value:,.2f}" if value < _CENTS_BELOW else f"${value:,.0f}"
