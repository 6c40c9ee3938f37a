"""TOK003: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake
from tunelint.rules.tok._limit import answer_place, consequence, counted


class AnswerTruncatedAway(RecordRule):
    """The prompt alone fills the training limit, so nothing of the answer is left.

    ## Why

    The loss sees the answer only. Where the prompt reaches the limit, the whole answer is cut off: the example is fed, paid for,
    and teaches nothing. When all examples are like that the loss is 0 or not a number, and the run "succeeds".

    ## What to do

    Shorten the prompt or raise the sequence length.

    ## Examples

    ```jsonl good limit=24
    {"messages": [{"role": "user", "content": "Name a colour"}, {"role": "assistant", "content": "Blue"}]}
    ```

    ```jsonl bad messages[1].content limit=24
    {"messages": [{"role": "user", "content": "Name a colour that is none of red, orange, yellow, green, blue, indigo, violet, black, white and grey"}, {"role": "assistant", "content": "Brown"}]}
    ```

    Sources: huggingface/trl issue 6668; unslothai/unsloth issues 1128 and 1290.
    """

    code = "TOK003"
    name = "answer-truncated-away"
    severity = Severity.ERROR
    wakes = Wake.LONG
    needs_tokens = True
    early = True
    methods = frozenset({"sft", "preference", "kto"})

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for a record whose answer starts behind the limit."""
        assert record.lengths is not None
        assert context.limit is not None
        prompt, limit = record.lengths.prompt, context.limit
        if record.lengths.trained and prompt >= limit:
            yield self.finding(
                f"the prompt has {prompt:,} tokens and the limit is {limit:,}, so nothing of the answer is left{counted(context)}",
                answer_place(record),
                help=f"shorten the prompt or raise the limit: {consequence(context)}",
                evidence={"prompt": prompt, "tokens": record.lengths.sequence, "limit": limit},
            )
