"""CHT004: see the class."""

from collections.abc import Iterator, Sequence
from typing import Final

from tunelint.core.example import SEPARATOR, Role, Turn
from tunelint.core.finding import Edit, Fix, Severity
from tunelint.core.record import Record
from tunelint.formats.base import Dialect
from tunelint.rules.base import Context, RoleFault, RoleRule
from tunelint.rules.cht._swapped import look_swapped
from tunelint.text.parse import Path

_ASKING: Final = frozenset({"user", "tool"})
_FIRST: Final = "the assistant speaks first"


class RolesDoNotAlternate(RoleRule):
    r"""User and assistant do not take turns.

    ## Why

    Many chat templates raise an error where two turns of one role follow each other, or where the assistant speaks first
    ("Conversation roles must alternate user/assistant"), and Azure calls such a file an "invalid schema" without naming a line.
    Others train on it as it is. Answers of several tools in a row are fine.

    ## What to do

    Merge turns of one speaker, or split the conversation.

    ## Fix

    The unsafe fix joins two texts of one speaker with an empty line between them.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hi!"}, {"role": "user", "content": "Bye"}, {"role": "assistant", "content": "Bye!"}]}
    ```

    ```jsonl good target=trl
    {"messages": [{"role": "user", "content": "Hi"}, {"role": "user", "content": "Are you there?"}, {"role": "assistant", "content": "Hi!"}]}
    ```

    ```jsonl bad messages[1].role target=azure also=FIL002
    {"messages": [{"role": "user", "content": "Hi"}, {"role": "user", "content": "Are you there?"}, {"role": "assistant", "content": "Hi!"}]}
    ```

    ```jsonl fixed
    {"messages": [{"role": "user", "content": "Hi\n\nAre you there?"}, {"role": "assistant", "content": "Hi!"}]}
    ```

    ```jsonl bad conversations[0].from target=llama-factory
    {"conversations": [{"from": "gpt", "value": "How can I help?"}, {"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hi!"}]}
    ```

    ```jsonl bad messages[0].role target=databricks
    {"messages": [{"role": "assistant", "content": "How can I help?"}]}
    ```

    ```jsonl good target=databricks
    {"messages": [{"role": "system", "content": "Greet the user."}, {"role": "assistant", "content": "How can I help?"}]}
    ```

    ```jsonl bad messages[1].role target=cohere
    {"messages": [{"role": "System", "content": "Greet the user."}, {"role": "Chatbot", "content": "How can I help?"}]}
    ```

    Sources: microsoft-foundry/fine-tuning issue 23; unslothai/unsloth issue 334; huggingface/smol-course issue 260.
    """

    code = "CHT004"
    name = "roles-do-not-alternate"
    severity = Severity.WARNING
    fix = "unsafe"
    unless = frozenset({"CHT001", "CHT002", "CHT005"})

    def find(self, speakers: tuple[str, ...], context: Context) -> Iterator[RoleFault]:
        """Yield the first turn that breaks the order."""
        if context.format is None:
            return
        roles = context.format.meant(speakers)
        if context.method == "sft" and look_swapped(roles):
            return  # CHT003 says so
        before: Role | None = None
        for index, role in enumerate(roles):
            if speakers[index] == SEPARATOR or role == "unknown":
                return
            if role == "system":
                continue
            fault = _fault(before, role)
            if fault is not None:
                yield from self._judged(index, *fault, roles, context)
                return
            before = role

    def _judged(self, index: int, message: str, repeated: bool, roles: Sequence[Role], context: Context) -> Iterator[RoleFault]:
        unasked = "user" not in roles

        def refuses(dialect: Dialect) -> bool:
            alone = unasked and (dialect.needs_user or len(roles) < dialect.min_turns)
            return alone or dialect.order == "alternate" or (repeated and dialect.order == "no-repeat")

        refusal = context.refusal(refuses)
        if refusal is not None:
            advice = "begin with what the user asks" if message == _FIRST else "merge the two or split the conversation"
            yield RoleFault(index, message, refusal.severity, f"{advice}; refused by {refusal.by}")

    def mend(self, record: Record, at: Path, fault: RoleFault) -> Fix | None:
        """Join two texts of one speaker."""
        example = record.example
        assert example is not None
        turns = example.turns
        index = next((number for number, turn in enumerate(turns) if turn.at == at), 0)
        if index == 0:
            return None
        first, second = turns[index - 1], turns[index]
        if first.speaker != second.speaker or not all(_is_plain(record, turn) for turn in (first, second)):
            return None
        edits = (Edit("replace", first.text_at, f"{first.text}\n\n{second.text}"), Edit("delete", second.at))
        return Fix(f"join the two turns of {first.speaker!r}", "unsafe", edits)


def _is_plain(record: Record, turn: Turn) -> bool:
    """Tell whether a turn is nothing but a text, written in one string."""
    node = record.parsed.find(turn.text_at)
    return bool(turn.text) and not turn.calls and not turn.media and node is not None and isinstance(node.value, str)


def _fault(before: Role | None, role: Role) -> tuple[str, bool] | None:
    """Say what is wrong with a turn after another one, and whether one role speaks twice."""
    if before is None:
        return (_FIRST, False) if role == "assistant" else None
    if before == role and role != "tool":
        return f"two turns of the {role} in a row", True
    if before in _ASKING and role in _ASKING and before != role:
        return f"a turn of the {role} right after one of the {before}", False
    return None
