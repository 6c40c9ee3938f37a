"""CST003: see the class."""

from collections.abc import Iterator

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Severity
from tunelint.rules.base import Context
from tunelint.rules.cst._costs import CostRule, dollars


class TotalCost(CostRule):
    """What each way costs over twelve months: writing examples, training, calls, hosting, training again.

    ## Why

    The price of a run is the smallest part. Examples have to be written and checked, the tuned model's calls cost more by the token,
    some providers bill its hosting by the hour, and when the base model ends everything is paid again.

    ## What to do

    Compare the ways. The rule speaks when the settings say how often the model is called, `calls-per-month` under `[costs]`, and how
    long the prompt is, `prompt-tokens`. Add `labelling-usd-hour`, `wanted-examples` and `hosting-usd-month`, or they are not counted.

    ## Examples

    ```jsonl good target=openai costs=prompt_tokens:3000,calls_per_month:10000
    {"messages": [{"role": "user", "content": "Name a colour"}, {"role": "assistant", "content": "Blue"}]}
    ```

    ```jsonl bad file target=openai/gpt-4.1-mini costs=prompt_tokens:3000,calls_per_month:10000 times=120 also=CST001,CST002
    {"messages": [{"role": "user", "content": "What is the square of @?"}, {"role": "assistant", "content": "It is @ times @"}]}
    ```

    Sources: prices with their dates in `costs/tables`.
    """

    code = "CST003"
    name = "total-cost"
    severity = Severity.INFORMATION

    def applies(self, context: Context) -> bool:
        """Speak only where the calls a month and the prompt's length are known too."""
        use = context.use
        return bool(use.calls_per_month) and use.prompt_tokens is not None and super().applies(context)

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding that compares the prompt with tuning."""
        from tunelint.costs.dataset import situation_of
        from tunelint.costs.retirement import day_of
        from tunelint.costs.ways import MONTHS, ways_of

        counts, price = self.counts(bag, context), self.price(context)
        if counts is None or price is None:
            return
        run = self.money(counts, context)
        situation = situation_of(counts, self.buyer(context), context.use, price, run, day_of(context.today))
        years = {way.way: year for way in ways_of(situation) if (year := way.year_usd) is not None}
        prompts = [name for name in years if "prompt" in name]
        tuned = [name for name in years if "fine-tuning" in name]
        if not prompts or not tuned:
            return
        prompt, other = prompts[0], min(tuned, key=lambda name: years[name].value)
        cached = f", {dollars(years[prompts[-1]].value)} when always cached" if len(prompts) > 1 else ""
        yield self.finding(
            f"over {MONTHS} months the prompt costs {dollars(years[prompt].value)}{cached}; "
            f"fine-tuning {dollars(years[other].value)}",
            help=_help(context, hosted=situation.hosting_usd_month is not None),
            evidence={"usd": {name: round(year.value, 2) for name, year in years.items()}, "as_of": price.as_of},
        )


def _help(context: Context, *, hosted: bool) -> str:
    use = context.use
    parts = {
        "labelling": use.labelling_usd_hour is not None,
        "hosting": hosted,
    }
    left_out = [name for name, counted in parts.items() if not counted]
    note = f"; {' and '.join(left_out)} not counted" if left_out else ""
    return f"at {use.calls_per_month:,.0f} calls a month{note}; `tunelint cost` shows all ways with their intervals"
