"""CHT009: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.example import Example, Turn
from tunelint.core.finding import Finding, Place, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake
from tunelint.rules.cht._templates import PLAIN_PROMPTS, TEMPLATES

TEMPLATE_TOKENS: Final = (
    "<|im_start|>",
    "<|im_end|>",
    "<|endoftext|>",
    "<|eot_id|>",
    "<|end_of_text|>",
    "<|begin_of_text|>",
    "<|start_header_id|>",
    "<start_of_turn>",
    "<end_of_turn>",
    "<<SYS>>",
    "[/INST]",
    "<|assistant|>",
    "<|user|>",
)
"""Special tokens of the templates of Qwen and ChatML, OpenAI, Llama 2 and 3, Gemma, Mistral, Phi and Zephyr."""

_ENDS: Final = ("</s>", "<eos>")
"""Ends of text of Llama 2, Mistral and Gemma. Within a text they may be mark-up, such as HTML's struck-out words."""


class ReservedText(RecordRule):
    r"""A text contains a special token of a chat template, or words that the target reserves.

    ## Why

    A tokenizer that finds `<|im_end|>` in a text takes it for the end of the turn: the rest of the answer is never learnt, or
    becomes a turn of its own. An answer that ends with `</s>` is ended twice, as the trainer adds the end by itself; a model whose end is
    called something else learns to write these letters. Amazon Bedrock refuses texts with `\nHuman:` and the like.

    ## What to do

    Remove it, or write it in another way. In a text about such tokens it may be meant: then ignore the rule for the file.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Is 3 <| 4 an operator?"}, {"role": "assistant", "content": "No."}]}
    ```

    ```jsonl good
    {"prompt": "<|system|>\nBe brief.\n<|user|>\nIs it raining?\n<|assistant|>\n", "completion": "No."}
    ```

    ```jsonl bad messages[1].content
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No.<|im_end|>"}]}
    ```

    ```jsonl good
    {"messages": [{"role": "user", "content": "Strike the price out"}, {"role": "assistant", "content": "<s>9 euros</s>"}]}
    ```

    ```jsonl bad output
    {"instruction": "Is it raining?", "input": "", "output": "No.</s>"}
    ```

    ```jsonl bad messages[1].content target=bedrock/claude
    {"system": "Be brief.", "messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No.\nHuman: Thanks"}]}
    ```

    Sources: aws-samples/amazon-bedrock-samples, the validators of Claude and Nova; unslothai/unsloth issue 416.
    """

    code = "CHT009"
    name = "reserved-text"
    severity = Severity.WARNING
    wakes = Wake.TRIGGER
    triggers = (*TEMPLATE_TOKENS, *_ENDS)
    unless = frozenset({"CHT013"})

    def applies(self, context: Context) -> bool:
        """Text that is fed as it stands may hold a template on purpose."""
        return (
            super().applies(context)
            and context.format is not None
            and context.format.name not in {"text", "segments", "tokenized"}
        )

    def triggers_for(self, context: Context) -> tuple[str, ...]:
        """Add what the target reserves."""
        dialect = context.dialect
        return self.triggers if dialect is None else (*self.triggers, *dialect.reserved, *dialect.reserved_starts)

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield the first such token of each text."""
        example = record.example
        assert example is not None
        dialect = context.dialect
        if _templated_by_hand(example, context):
            return
        for turn in example.all_turns:
            if dialect is not None:
                start = next(
                    (one for one in dialect.reserved_starts if turn.role != "assistant" and turn.text.startswith(one)), None
                )
                if start is not None:
                    yield self._finding(start, 0, turn.text_at, context, refused=True)
                    continue
            found = [(turn.text.find(one), one) for one in self.triggers_for(context) if one not in _ENDS and one in turn.text]
            found += _ended(turn, context)
            if dialect is not None:
                found = [one for one in found if one[1] not in dialect.reserved_starts]
            if found:
                place, token = min(found)
                yield self._finding(
                    token, place, turn.text_at, context, refused=dialect is not None and token in dialect.reserved
                )

    def _finding(self, token: str, place: int, at: tuple[str | int, ...], context: Context, *, refused: bool) -> Finding:
        shown = token.replace("\n", "\\n")
        if refused:
            assert context.target is not None
            message, help_line = f"{context.target.title} refuses texts with {shown!r}", "remove it or write it in another way"
        else:
            message, help_line = (
                f"{shown} is a special token of a chat template",
                "a tokenizer may take it for the end of the turn: remove it",
            )
        severity = Severity.ERROR if refused else Severity.WARNING
        return self.finding(message, Place(at, chars=(place, place + len(token))), severity=severity, help=help_line)


def _ended(turn: Turn, context: Context) -> list[tuple[int, str]]:
    """Return the end of text that an answer ends with, and where it begins, if there is one.

    Where texts are fed as they stand, somebody may have written it on purpose.
    """
    text = turn.text.rstrip()
    end = next((one for one in _ENDS if text.endswith(one)), None)
    as_they_stand = context.format is not None and context.format.name in PLAIN_PROMPTS
    if end is None or as_they_stand or turn.role != "assistant" or "<s>" in text:
        return []
    return [(len(text) - len(end), end)]


def _templated_by_hand(example: Example, context: Context) -> bool:
    """Tell whether the prompt is a string that carries a whole template, as one does that is fed as it stands."""
    if context.format is None or context.format.name not in PLAIN_PROMPTS or not example.turns:
        return False
    prompt = example.turns[0]
    return len(prompt.text_at) == 1 and any(one.search(prompt.text) for _, one in TEMPLATES)
