"""TOK002: see the class."""

from collections.abc import Hashable, Iterator
from typing import ClassVar

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, Options, TallyRule, Wake
from tunelint.rules.tok._limit import consequence


class TruncationShareOptions(Options, frozen=True, forbid_unknown_fields=True):
    """Shares of the examples above the limit from which the file has a finding."""

    information: float = 0.01
    """A loss that is worth knowing."""
    warning: float = 0.05
    """A loss that changes what is learnt: long examples are rarely like the short ones."""
    error: float = 0.25
    """A limit or a file that is wrong. Soup's doctor stops at 20%, measured on trained tokens."""


class TruncationShare(TallyRule):
    """A share of the examples is longer than the training limit.

    ## Why

    One example above the limit is a nuisance; one in twenty is a bias, because long examples are rarely like the short ones, and
    one in four means that the limit was set for other data.

    ## What to do

    Choose the sequence length from the data: the 99th percentile is a good start. Or leave the long examples out on purpose.

    ## Examples

    ```jsonl good limit=40
    {"messages": [{"role": "user", "content": "Name a colour"}, {"role": "assistant", "content": "Blue"}]}
    {"messages": [{"role": "user", "content": "Name a fruit"}, {"role": "assistant", "content": "Plum"}]}
    ```

    ```jsonl bad file limit=40 times=20 also=TOK001
    {"messages": [{"role": "user", "content": "Name colour @"}, {"role": "assistant", "content": "Blue"}]}
    {"messages": [{"role": "user", "content": "Name colours, please"}, {"role": "assistant", "content": "Red, orange, yellow, green, blue, indigo, violet, black, white, grey, brown, pink, purple, beige, turquoise, teal"}]}
    ```

    Sources: huggingface/trl issue 6668 (truncation removed every answer and the loss was 0).
    """

    code = "TOK002"
    name = "truncation-share"
    severity = Severity.WARNING
    wakes = Wake.LONG
    needs_tokens = True
    settings = TruncationShareOptions
    limit = 1
    least_records: ClassVar[int] = 20
    """In shorter files a share says little, and each long example has a finding of its own."""

    def observe(self, record: Record, context: Context) -> Hashable:
        """Count a record above the limit."""
        return "long" if record.flags & Wake.LONG else None

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding when the share is worth it."""
        count = bag.counts.get("long", 0)
        if context.file.records < self.least_records:
            return
        share = count / context.file.records
        for severity, least in (
            (Severity.ERROR, self.options.error),
            (Severity.WARNING, self.options.warning),
            (Severity.INFORMATION, self.options.information),
        ):
            if share > least:
                yield self.finding(
                    f"{share:.0%} of the examples ({count:,}) are above the limit of {context.limit:,} tokens",
                    severity=severity,
                    help=f"choose the sequence length from the data: {consequence(context)}",
                    evidence={"share": round(share, 4), "examples": count, "limit": context.limit},
                )
                return
