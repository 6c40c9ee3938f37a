"""PRF002: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.example import Turn
from tunelint.core.finding import Finding, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake, role_path

_REPEATED: Final = 12
"""Characters of the shortest prompt that two answers are not thought to begin with by chance."""


class PreferenceShape(RecordRule):
    """A preference record is no prompt with two answers to it.

    ## Why

    The two answers are compared as continuations of one prompt that ends with the user's turn. Without a prompt the model learns
    which text it likes, whatever was asked; after a turn of the assistant it learns to talk on; and an answer that ends with
    somebody else's turn is none. Most hosted providers take exactly one turn of the assistant for each answer.

    Every record of a preference file is looked at; it costs a look at three roles.

    ## What to do

    Put everything up to the user's last turn into the prompt, and one turn of the assistant into each answer.

    ## Examples

    ```jsonl good
    {"prompt": "Is it raining?", "chosen": "No.", "rejected": "Who knows."}
    ```

    ```jsonl good
    {"chosen": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}], "rejected": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "Who knows."}]}
    ```

    ```jsonl bad input.messages[1].role
    {"input": {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "Well"}]}, "preferred_output": [{"role": "assistant", "content": "No."}], "non_preferred_output": [{"role": "assistant", "content": "Who knows."}]}
    ```

    ```jsonl bad preferred_output target=openai
    {"input": {"messages": [{"role": "user", "content": "Is it raining?"}]}, "preferred_output": [{"role": "assistant", "content": "No."}, {"role": "user", "content": "Sure?"}, {"role": "assistant", "content": "Yes."}], "non_preferred_output": [{"role": "assistant", "content": "Who knows."}]}
    ```

    ```jsonl bad chosen target=trl
    {"prompt": [{"role": "user", "content": "Is it raining?"}], "chosen": "No.", "rejected": "Who knows."}
    ```

    ```jsonl bad chosen target=trl
    {"prompt": [{"role": "user", "content": "Is it raining?"}], "chosen": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}], "rejected": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "Who knows."}]}
    ```

    Sources: OpenAI's guide to direct preference optimisation ("one-turn conversations"); Together, ``utils/files.py``; TRL,
    ``dataset_formats.md`` and, for prompts and answers that cannot be joined, ``apply_chat_template`` of 1.16.
    """

    code = "PRF002"
    name = "preference-shape"
    severity = Severity.ERROR
    methods = frozenset({"preference"})
    wakes = Wake.ALWAYS

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield what is wrong with the prompt and with each answer."""
        example = record.example
        if example is None or example.chosen is None or example.rejected is None:
            return
        kinds = list(self._of_kinds(record, context))
        yield from kinds or self._of_repeats(record, example.turns, example.chosen, example.rejected, context)
        yield from self._of_prompt(record, example.chosen, example.rejected, context)
        single = context.refusal(lambda dialect: dialect.single_answer)
        for answer in (example.chosen, example.rejected):
            if not answer:
                continue
            last = answer[-1]
            if last.role not in {"assistant", "text", "unknown"}:
                yield self.finding(
                    f"the answer ends with the turn of {last.speaker or last.role}",
                    role_path(record, last.at),
                    severity=Severity.ERROR if context.target is not None else Severity.WARNING,
                    help="an answer ends with the assistant's turn: that is what is compared",
                )
            elif len(answer) > 1 and single is not None and _has_list(answer):
                yield self.finding(
                    f"the answer has {len(answer)} turns, and {single.says('take')} one",
                    answer[0].at[:-1],
                    severity=single.severity,
                    help="move what comes before the last turn of the assistant into the prompt",
                )

    def _of_kinds(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield the first answer that is text where the prompt is messages, or the other way round.

        Records with media are left alone: what trainers do with these before they join anything differs too much.
        """
        value = record.value
        refusal = context.refusal(lambda dialect: dialect.joined_answers)
        if refusal is None or not isinstance(value, dict) or (record.example is not None and record.example.media):
            return
        prompt = value.get("prompt")
        for key in ("chosen", "rejected"):
            answer = value.get(key)
            implicit = isinstance(answer, list) and len(answer) > 1 and context.target is None  # the prompt stands in it as well
            if {type(prompt), type(answer)} == {str, list} and not implicit:
                words = ("text", "messages") if isinstance(prompt, str) else ("messages", "text")
                yield self.finding(
                    f"the prompt is {words[0]}, and the answer is {words[1]}",
                    (key,),
                    severity=refusal.severity,
                    help=f"write both as messages or both as text: {refusal.by} cannot join the two",
                )
                return

    def _of_repeats(
        self, record: Record, prompt: list[Turn], chosen: list[Turn], rejected: list[Turn], context: Context
    ) -> Iterator[Finding]:
        """Yield a finding where both answers begin with the whole prompt, which is put in front of them once more."""
        refusal = context.refusal(lambda dialect: dialect.joined_answers)
        value = record.value
        if refusal is None or not isinstance(value, dict) or not value.get("prompt"):
            return
        if all(_begins_with(answer, prompt) for answer in (chosen, rejected)):
            yield self.finding(
                "both answers begin with the prompt once more",
                ("chosen",),
                severity=Severity.WARNING,
                help=f"remove it from the answers, or remove the prompt: {refusal.by} puts the prompt in front of each",
            )

    def _of_prompt(self, record: Record, chosen: list[Turn], rejected: list[Turn], context: Context) -> Iterator[Finding]:
        turns = record.example.turns if record.example is not None else []
        severity = Severity.ERROR if context.target is not None and context.target.hosted else Severity.WARNING
        if not turns:
            if _begin_alike(chosen, rejected):
                return
            place = chosen[0].at if chosen and len(chosen[0].at) == 1 else chosen[0].at[:-1] if chosen else ()
            yield self.finding(
                "the record has no prompt: the answers have no beginning in common",
                place,
                severity=severity,
                help="put what was asked into the prompt, or at the beginning of both answers",
            )
        elif turns[-1].role == "assistant" or all(turn.role == "system" for turn in turns):
            refusal = context.refusal(lambda dialect: dialect.single_answer)
            who = f"; {refusal.says('refuse')} it" if refusal is not None else ""
            yield self.finding(
                f"the prompt ends with the turn of the {turns[-1].speaker or turns[-1].role}, not of the user",
                role_path(record, turns[-1].at),
                severity=refusal.severity if refusal is not None else Severity.WARNING,
                help=f"the answers have to answer somebody: end the prompt with the user's turn{who}",
            )


def _begin_alike(chosen: list[Turn], rejected: list[Turn]) -> bool:
    """Tell whether two texts begin with the same word: the prompt may stand at their beginning, as in raw dialogues."""
    first = [answer[0].text.split(maxsplit=1)[:1] for answer in (chosen, rejected) if len(answer) == 1]
    return len(first) == 2 and first[0] == first[1]


def _begins_with(answer: list[Turn], prompt: list[Turn]) -> bool:
    """Tell whether an answer repeats the turns of its prompt, or the text of it where both are texts of some length."""
    if len(answer) == len(prompt) == 1 and len(answer[0].text_at) == len(prompt[0].text_at) == 1:
        asked = prompt[0].text.strip()
        return len(asked) >= _REPEATED and answer[0].text.lstrip().startswith(asked)
    told = [(turn.role, turn.text) for turn in prompt]
    return bool(told) and len(answer) > len(told) and [(turn.role, turn.text) for turn in answer[: len(told)]] == told


def _has_list(answer: list[Turn]) -> bool:
    return isinstance(answer[0].at[-1], int)
