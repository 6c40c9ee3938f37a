"""FMT013: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake
from tunelint.rules.fmt._faults import place_of_fault


class InvalidMask(RecordRule):
    """A mask names no speaker of the conversation.

    ## Why

    NeMo leaves the masked speaker out of the loss. Where the mask names nobody, the model learns the user's turns as well, or the
    loader stops.

    ## What to do

    Write the speaker's name as the turns do, case and all.

    ## Examples

    ```jsonl good
    {"system": "Be brief.", "mask": "User", "conversations": [{"from": "User", "value": "Is it raining?"}, {"from": "Assistant", "value": "No."}]}
    ```

    ```jsonl bad mask
    {"system": "Be brief.", "mask": "user", "conversations": [{"from": "User", "value": "Is it raining?"}, {"from": "Assistant", "value": "No."}]}
    ```

    Sources: NVIDIA/NeMo, chat fine-tuning data.
    """

    code = "FMT013"
    name = "invalid-mask"
    severity = Severity.ERROR
    wakes = Wake.FAULTY
    stage = "shape"

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for a mask that names nobody."""
        for fault in record.faults:
            if fault.kind == "invalid-mask":
                yield self.finding(
                    f"the mask names {fault.found!r}, who is no speaker here",
                    place_of_fault(fault),
                    help=f"the mask must be {fault.expected}",
                )
