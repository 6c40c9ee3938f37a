"""TOK001: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake
from tunelint.rules.tok._limit import answer_place, consequence, counted


class OverContext(RecordRule):
    """An example is longer than the training limit.

    ## Why

    What is above the limit is cut off, and the cut is at the end, where the answer is: the example is paid for, and what it
    should teach is missing or stops in the middle. Some trainers drop such examples instead, without a word.

    The limit is the model's training limit at the target, or `limit` in the settings, such as the trainer's sequence length.
    With neither, nothing is checked.

    ## What to do

    Shorten the prompt, split the example, raise the sequence length, or choose a model that takes more.

    ## Examples

    ```jsonl good limit=40
    {"messages": [{"role": "user", "content": "Name a colour"}, {"role": "assistant", "content": "Blue"}]}
    ```

    ```jsonl bad messages[1].content limit=40
    {"messages": [{"role": "user", "content": "Name a few colours"}, {"role": "assistant", "content": "Red, orange, yellow, green, blue, indigo, violet, black, white, grey, brown, pink, purple, beige, turquoise, olive, maroon, teal"}]}
    ```

    Sources: OpenAI's fine-tuning guide (longer examples are truncated from the end); Axolotl, ``sequence_len``.
    """

    code = "TOK001"
    name = "over-context"
    severity = Severity.ERROR
    wakes = Wake.LONG
    needs_tokens = True
    unless = frozenset({"TOK003"})

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for a record above the limit."""
        assert record.lengths is not None
        assert context.limit is not None
        length, limit = record.lengths.sequence, context.limit
        yield self.finding(
            f"{length:,} tokens, {length - limit:,} above the limit of {limit:,}{counted(context)}",
            answer_place(record),
            help=f"shorten the example or raise the limit: {consequence(context)}",
            evidence={"tokens": length, "limit": limit},
        )
