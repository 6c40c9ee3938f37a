"""CHT002: see the class."""

from collections.abc import Iterator

from tunelint.core.example import SEPARATOR
from tunelint.core.finding import Edit, Fix, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RoleFault, RoleRule
from tunelint.text.parse import Path


class NoAssistantTurn(RoleRule):
    """A conversation has no turn of the assistant, so there is nothing to learn.

    ## Why

    The loss sees the assistant's turns only. Hosted trainers refuse such a record; others feed it, charge for it, and learn
    nothing from it.

    ## What to do

    Add the answer, or drop the record. Where no record has one, the file may be meant for reinforcement: `--method reinforcement`.

    ## Fix

    The unsafe fix drops the record.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]}
    ```

    ```jsonl bad 2:messages[1].role
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]}
    {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Is it snowing?"}]}
    ```

    ```jsonl fixed
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]}
    ```

    Sources: openai-cookbook (example_missing_assistant_message); together, utils/files.py.
    """

    code = "CHT002"
    name = "no-assistant-turn"
    severity = Severity.ERROR
    fix = "unsafe"
    unless = frozenset({"CHT001"})
    methods = frozenset({"sft", "kto"})

    def find(self, speakers: tuple[str, ...], context: Context) -> Iterator[RoleFault]:
        """Yield the last turn of a conversation that nobody answers."""
        if SEPARATOR in speakers or context.format is None or not speakers:
            return
        meant = context.format.meant(speakers)
        if "assistant" not in meant and "unknown" not in meant:
            yield RoleFault(
                len(speakers) - 1,
                "no turn of the assistant: there is nothing to learn",
                Severity.ERROR,
                "add the answer, or drop the record",
            )

    def mend(self, record: Record, at: Path, fault: RoleFault) -> Fix | None:
        """Drop the record."""
        return Fix("drop the record", "unsafe", (Edit("drop"),))
