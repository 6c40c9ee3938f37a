"""CST002: see the class."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Severity
from tunelint.rules.base import Context
from tunelint.rules.cst._costs import CostRule

if TYPE_CHECKING:
    from tunelint.costs.break_even import Comparison


class BreakEvenPoint(CostRule):
    """After how many calls fine-tuning pays back what it costs, against the prompt that it would make shorter.

    ## Why

    A tuned model costs more by the token than its base model. What it saves is the static part of the prompt, and a provider's prompt
    cache makes that part cheap anyway: a prompt that is found in the cache often makes fine-tuning never pay back.

    ## What to do

    Compare the number with the calls you expect. Where it is never, keep the prompt unless the tuned model is better at the task.
    The rule speaks when the settings say how long the prompt is: `prompt-tokens` under `[costs]`; `cache-hit` says which share of the
    calls finds it in the cache.

    ## Examples

    ```jsonl good target=openai costs=prompt_tokens:3000
    {"messages": [{"role": "user", "content": "Name a colour"}, {"role": "assistant", "content": "Blue"}]}
    ```

    ```jsonl bad file target=openai/gpt-4.1-mini costs=prompt_tokens:3000 times=120 also=CST001
    {"messages": [{"role": "user", "content": "What is the square of @?"}, {"role": "assistant", "content": "It is @ times @"}]}
    ```

    Sources: prices with their dates in `costs/tables`; the formula in `costs/break_even.py`.
    """

    code = "CST002"
    name = "break-even"
    severity = Severity.INFORMATION

    def applies(self, context: Context) -> bool:
        """Speak only where the prompt's length and the prices of calls are known too."""
        if context.use.prompt_tokens is None or not super().applies(context):
            return False
        price = self.price(context)
        return price is not None and price.base is not None and price.tuned is not None

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding with the calls."""
        from tunelint.costs.break_even import compare
        from tunelint.costs.dataset import calls_of, hosting_usd_month, labelling_usd

        counts, price = self.counts(bag, context), self.price(context)
        calls = calls_of(counts, context.use) if counts is not None else None
        if counts is None or calls is None or price is None or price.base is None or price.tuned is None:
            return
        use = context.use
        run = self.money(counts, context)
        once = use.training_usd if use.training_usd is not None else run.usd.value if run is not None and run.usd else None
        if once is None:
            return
        once += labelling_usd(counts, use).value
        found = compare(
            calls,
            price.base,
            price.tuned,
            once,
            calls_per_month=use.calls_per_month,
            monthly_usd=hosting_usd_month(use, price) or 0.0,
        )
        judged = found.mixed if use.cache_hit is not None and found.mixed is not None else found.uncached
        yield self.finding(
            _message(found, use.cache_hit),
            severity=Severity.WARNING if judged.calls is None else self.severity,
            help=(
                "what a tuned model saves is the static prompt, which a cache makes cheap anyway; "
                f"prices as of {price.as_of or 'your settings'}, `tunelint cost` shows what they rest on"
            ),
            evidence={
                "uncached": found.uncached.calls,
                "cached": found.cached.calls if found.cached is not None else None,
                "mixed": found.mixed.calls if found.mixed is not None else None,
                "saving_per_call_usd": judged.saving_per_call_usd,
                "one_off_usd": round(once, 4),
                "as_of": price.as_of,
            },
        )


def _message(found: "Comparison", cache_hit: float | None) -> str:
    if cache_hit is not None and found.mixed is not None:
        where = f"with {cache_hit:.0%} of the calls cached"
        return (
            f"fine-tuning pays back after {found.mixed.calls:,} calls {where}"
            if found.mixed.calls is not None
            else (f"fine-tuning never pays back against the prompt {where}")
        )
    cached = found.cached
    if found.uncached.calls is None:
        return "fine-tuning never pays back: a call of the tuned model costs more than one with the prompt"
    first = f"fine-tuning pays back after {found.uncached.calls:,} calls"
    if cached is None:
        return first
    then = f"{cached.calls:,} calls" if cached.calls is not None else "never"
    return f"{first} against an uncached prompt, against a cached one {'after ' if cached.calls is not None else ''}{then}"
