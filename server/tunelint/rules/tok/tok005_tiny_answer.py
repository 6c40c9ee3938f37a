"""TOK005: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Severity
from tunelint.rules.base import Context, Options, TallyRule

_MIN_RECORDS: Final = 10


class TinyAnswerOptions(Options, frozen=True, forbid_unknown_fields=True):
    """When answers are tiny."""

    share: float = 0.02
    """Share of all tokens that the loss sees, below which the file has a finding: 50 tokens are paid for each that is learnt."""


class TinyAnswer(TallyRule):
    """Nearly all tokens of the file are prompt, and the loss sees hardly any.

    ## Why

    Every token is paid for in every epoch, the prompt's too, but only those of the answers are learnt. Where the same long
    instruction stands in front of a one-word answer, most of the money goes into reading it again.

    ## What to do

    Shorten what is the same in every prompt; a tuned model needs no instruction that it has learnt. A short answer to a long
    document is fine: then ignore the rule.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Name a colour"}, {"role": "assistant", "content": "Blue"}]}
    ```

    ```jsonl bad file times=10
    {"messages": [{"role": "system", "content": "You sort letters to the office by what they are about: invoices, complaints, orders, praise. You sort letters to the office by what they are about: invoices, complaints, orders, praise. You sort letters to the office by what they are about: invoices, complaints, orders, praise. You sort letters to the office by what they are about: invoices, complaints, orders, praise. You sort letters to the office by what they are about: invoices, complaints, orders, praise. "}, {"role": "user", "content": "Letter @"}, {"role": "assistant", "content": "@"}]}
    ```
    """

    code = "TOK005"
    name = "tiny-answer"
    severity = Severity.INFORMATION
    recommended = False
    needs_tokens = True
    settings = TinyAnswerOptions
    methods = frozenset({"sft"})

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding for the whole file."""
        tokens = context.tokens
        if tokens is None or context.file.records < _MIN_RECORDS or not tokens.total:
            return
        share = tokens.trained / tokens.total
        if share < self.options.share:
            yield self.finding(
                f"only {share:.1%} of {tokens.total:,} tokens are answers",
                help="shorten what is the same in every prompt: it is paid for in every epoch and never learnt",
                evidence={"trained": tokens.trained, "total": tokens.total},
            )
