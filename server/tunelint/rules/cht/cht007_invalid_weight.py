"""CHT007: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Place, Severity
from tunelint.core.record import Record
from tunelint.rules._places import value_at
from tunelint.rules.base import Context, RecordRule, Wake


class InvalidWeight(RecordRule):
    """A weight or a train flag has a value or a place that it may not have.

    ## Why

    `weight` says whether a turn of the assistant is learnt: 0 or 1, nothing between, and on no other role. Services refuse other
    values; trainers that read the flag as yes or no take 0.5 for yes. A 0 on another role says what is so anyway, as published dumps
    in ShareGPT's form do; only services mind it.

    ## What to do

    Write 0 or 1, on turns of the assistant only.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hi!", "weight": 0}, {"role": "user", "content": "Bye"}, {"role": "assistant", "content": "Bye!", "weight": 1}]}
    ```

    ```jsonl good
    {"conversations": [{"from": "human", "value": "Hi", "weight": 0}, {"from": "gpt", "value": "Hi!", "weight": 1}]}
    ```

    ```jsonl bad messages[1].weight
    {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hi!", "weight": 2}]}
    ```

    ```jsonl bad messages[0].weight target=openai
    {"messages": [{"role": "user", "content": "Hi", "weight": 1}, {"role": "assistant", "content": "Hi!"}]}
    ```

    Sources: openai/openai-openapi, FineTuneChatRequestInput (weight is 0 or 1); together, utils/files.py.
    """

    code = "CHT007"
    name = "invalid-weight"
    severity = Severity.ERROR
    wakes = Wake.RICH | Wake.FAULTY

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for each weight that may not be."""
        example = record.example
        assert example is not None
        hosted = context.target is not None and context.target.hosted
        for turn in example.all_turns:
            message = value_at(record, turn.at)
            if not isinstance(message, dict):
                continue
            weight = message.get("weight")
            if weight is not None and weight not in {0, 1}:
                yield self.finding(
                    f"the weight is {weight}, and only 0 and 1 are weights",
                    Place((*turn.at, "weight")),
                    help="0 leaves the turn out, 1 learns it",
                )
            elif weight is not None and (weight or hosted) and turn.role not in {"assistant", "unknown"}:
                yield self.finding(
                    f"a weight on a turn of the {turn.role}",
                    Place((*turn.at, "weight")),
                    severity=Severity.ERROR if hosted else Severity.WARNING,
                    help="only turns of the assistant have a weight: nothing else is learnt",
                )
