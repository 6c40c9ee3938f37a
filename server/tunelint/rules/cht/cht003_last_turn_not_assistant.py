"""CHT003: see the class."""

from collections.abc import Iterator

from tunelint.core.example import SEPARATOR
from tunelint.core.finding import Edit, Fix, Severity
from tunelint.core.record import Record
from tunelint.formats.base import Format
from tunelint.rules.base import Context, RoleFault, RoleRule, Wake
from tunelint.rules.cht._swapped import look_swapped
from tunelint.text.parse import Path


class LastTurnNotAssistant(RoleRule):
    """The conversation does not end with an answer.

    ## Why

    A chat model learns the assistant's turns. A turn of the user at the end has nobody to answer it: the loss does not see it,
    and most providers refuse the record. In reinforcement data it is the other way round: the last turn is the prompt that the
    model answers while it is trained, so an answer there is in the way.

    ## What to do

    Add the missing answer, or remove the turn. Where the assistant speaks first as well, an export may have given each speaker the
    other one's role. If no record of the file ends with an answer, it is reinforcement data: say so
    with `--method reinforcement`.

    ## Fix

    The unsafe fix removes the turns after the last answer.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]}
    ```

    ```jsonl bad messages[2].role target=openai
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}, {"role": "user", "content": "Thanks, bye"}]}
    ```

    ```jsonl fixed
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]}
    ```

    ```jsonl bad 2:messages[1].role method=reinforcement
    {"messages": [{"role": "user", "content": "What is 17 + 25?"}], "answer": "42"}
    {"messages": [{"role": "user", "content": "What is 3 + 4?"}, {"role": "assistant", "content": "7"}], "answer": "7"}
    ```

    ```jsonl fixed
    {"messages": [{"role": "user", "content": "What is 17 + 25?"}], "answer": "42"}
    {"messages": [{"role": "user", "content": "What is 3 + 4?"}], "answer": "7"}
    ```

    ```jsonl bad messages[1].role
    {"messages": [{"role": "assistant", "content": "Is it raining?"}, {"role": "user", "content": "No, the sky is clear all over the country."}]}
    ```

    Sources: mistral-finetune README; axolotl issue 3231; Together's documentation of its data format.
    """

    code = "CHT003"
    name = "last-turn-not-assistant"
    severity = Severity.ERROR
    fix = "unsafe"
    wakes = Wake.ROLES
    unless = frozenset({"CHT001", "CHT002"})

    def find(self, speakers: tuple[str, ...], context: Context) -> Iterator[RoleFault]:
        """Yield the last turn where it is no answer."""
        if SEPARATOR in speakers or context.format is None or not speakers:
            return
        if context.method == "reinforcement":
            yield from self._in_reinforcement(speakers, context.format)
        if context.method != "sft":
            return
        roles = context.format.meant(speakers)
        last = roles[-1]
        refusal = context.refusal(lambda dialect: dialect.last == "assistant")
        if last in {"assistant", "unknown"}:
            return
        severity = refusal.severity if refusal is not None else Severity.WARNING
        by = f"; {refusal.says('refuse')} such a record" if refusal is not None else ""
        if look_swapped(roles):
            message = f"the {speakers[-2]} speaks first and the {speakers[-1]} last: the roles seem to be swapped"
            yield RoleFault(len(speakers) - 1, message, severity, f"swap them: what is learnt now are the questions{by}")
            return
        message = f"the last turn is the {speakers[-1]}'s, so nobody answers it"
        yield RoleFault(len(speakers) - 1, message, severity, f"add the answer or remove the turn{by}")

    def _in_reinforcement(self, speakers: tuple[str, ...], form: Format) -> Iterator[RoleFault]:
        """Yield an answer at the end, where the model is to answer; TRL's prompts may begin the answer themselves."""
        if form.name != "prompt-only" and form.meant(speakers)[-1] == "assistant":
            yield RoleFault(
                len(speakers) - 1,
                "the last turn is the assistant's, and in reinforcement data the model answers itself",
                Severity.ERROR,
                "remove the answer, or keep it as a field for the grader; for supervised data use --method sft",
            )

    def mend(self, record: Record, at: Path, fault: RoleFault) -> Fix | None:
        """Remove the turns after the last answer."""
        example = record.example
        assert example is not None
        if example.turns[-1].role == "assistant":
            return Fix("remove the answer", "unsafe", (Edit("delete", at),))
        answers = [index for index, turn in enumerate(example.turns) if turn.role == "assistant"]
        if not answers or look_swapped([turn.role for turn in example.turns]):
            return None
        edits = tuple(Edit("delete", turn.at) for turn in example.turns[answers[-1] + 1 :])
        return Fix("remove the turns after the last answer", "unsafe", edits)
