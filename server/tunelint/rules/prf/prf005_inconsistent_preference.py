"""PRF005: see the class."""

from collections.abc import Iterator

from tunelint.core.example import SEPARATOR, Example
from tunelint.core.finding import Finding, Place, Related, Severity
from tunelint.core.record import Record, digest
from tunelint.rules.base import Context, GroupRule, Groups
from tunelint.rules.prf._answers import said

_FORWARD, _BACKWARD = 1, 2


class InconsistentPreference(GroupRule):
    """One record prefers the first of two answers, another record the second.

    ## Why

    The two records cancel each other out: both are paid for and nothing is learnt. One of them has its answers the wrong way
    round, or the people who judged do not agree.

    ## What to do

    Decide which answer is better and drop the other record.

    ## Examples

    ```jsonl good
    {"prompt": "Is it raining?", "chosen": "No.", "rejected": "Who knows."}
    {"prompt": "Is it snowing?", "chosen": "Who knows.", "rejected": "No."}
    ```

    ```jsonl bad 2:chosen
    {"prompt": "Is it raining?", "chosen": "No.", "rejected": "Who knows."}
    {"prompt": "Is it raining?", "chosen": "Who knows.", "rejected": "No."}
    ```

    Sources: Wang et al., Secrets of RLHF part II, 2401.06080, for how common it is.
    """

    code = "PRF005"
    name = "inconsistent-preference"
    severity = Severity.WARNING
    methods = frozenset({"preference"})
    keeps_item = True

    def keys(self, record: Record, context: Context) -> tuple[int, ...]:
        """Return the hash of the prompt and of both answers, whichever is preferred; none for answers that are the same."""
        texts = _texts(record.example)
        return () if texts is None else (digest(SEPARATOR.join((str(record.digests[0]), *sorted(texts)))),)

    def item(self, record: Record, context: Context) -> int:
        """Return which of the two is preferred."""
        texts = _texts(record.example)
        return _FORWARD if texts is not None and texts[0] < texts[1] else _BACKWARD

    def anchor(self, record: Record) -> Place:
        """Return the place of the chosen answer."""
        example = record.example
        return Place(example.chosen[-1].text_at) if example is not None and example.chosen else Place()

    def report(self, groups: Groups, context: Context) -> Iterator[Finding]:
        """Yield a finding for each record that prefers what the first record of its group rejects."""
        for group in groups:
            first = group.members[0]
            for member in group.members[1:]:
                if member.item != first.item:
                    yield self.finding(
                        "an earlier record rejects this answer and prefers the other one",
                        handle=member.handle,
                        help="decide which answer is better and drop the other record: the two cancel each other out",
                        related=(Related("the opposite stands here", first.handle),),
                    )


def _texts(example: Example | None) -> tuple[str, str] | None:
    if example is None or not example.chosen or not example.rejected:
        return None
    chosen, rejected = said(example.chosen), said(example.rejected)
    return (chosen, rejected) if chosen != rejected else None
