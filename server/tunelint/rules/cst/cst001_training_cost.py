"""CST001: see the class."""

from collections.abc import Iterator

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Severity
from tunelint.costs.estimate import exactly
from tunelint.rules.base import Context
from tunelint.rules.cst._costs import CostRule, dollars


class TrainingCost(CostRule):
    """What one training run on this file costs.

    ## Why

    A run is paid by the token and the epoch, and is paid again after each change of the data. The estimate is made from the exact
    tokens of the file, the epochs that the provider chooses (or that you set) and a price with its date.

    ## What to do

    Nothing, if the amount is what you expect. Set `budget-usd` under `[costs]` to be warned above it, `epochs` to say how many there
    are, and your own prices under `[[costs.prices]]`. `tunelint cost` shows what the number rests on.

    ## Examples

    ```jsonl good target=openai
    {"messages": [{"role": "user", "content": "Name a colour"}, {"role": "assistant", "content": "Blue"}]}
    ```

    ```jsonl bad file target=openai/gpt-4.1-mini times=120
    {"messages": [{"role": "user", "content": "What is the square of @?"}, {"role": "assistant", "content": "It is @ times @"}]}
    ```

    Sources: openai-cookbook, Chat_finetuning_data_prep (epochs and billing); prices with their dates in `costs/tables`.
    """

    code = "CST001"
    name = "training-cost"
    severity = Severity.INFORMATION

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding with the amount."""
        counts = self.counts(bag, context)
        run = self.money(counts, context) if counts is not None else None
        if run is None or context.file.damaged:
            return
        said = context.use.training_usd
        money = exactly(said) if said is not None else run.usd
        if money is None:
            return
        span = "" if money.low == money.high else f" ({dollars(money.low)} to {dollars(money.high)})"
        epochs = run.billing.epochs
        budget = context.use.budget_usd
        above = budget is not None and money.value > budget
        message = (
            f"training on {context.consumer} costs about {dollars(money.value)}{span}: "
            f"{run.billing.billed:,} tokens in {epochs:g} epoch{'s' if epochs != 1 else ''}"
        )
        if above:
            assert budget is not None
            message = f"training costs about {dollars(money.value)}{span}, above the budget of {dollars(budget)}"
        yield self.finding(
            message,
            severity=Severity.WARNING if above else self.severity,
            help=f"prices as of {run.price.as_of or 'your settings'}; `tunelint cost` shows what the number rests on",
            evidence={
                "usd": round(money.value, 4),
                "low": round(money.low, 4),
                "high": round(money.high, 4),
                "tokens": run.billing.billed,
                "epochs": epochs,
                "as_of": run.price.as_of,
            },
        )
