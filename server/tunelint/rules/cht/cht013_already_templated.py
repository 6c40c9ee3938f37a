"""CHT013: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Finding, Place, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake
from tunelint.rules.cht._templates import PLAIN_PROMPTS, TEMPLATES

_BEGINNINGS: Final = ("<s>", "<|begin_of_text|>", "<bos>", "<|endoftext|>")
"""Tokens for the beginning of a text, which tokenizers add by themselves."""


class AlreadyTemplated(RecordRule):
    r"""A text already carries a chat template, or begins with the token that every tokenizer adds.

    ## Why

    The trainer wraps each turn in the model's template. Where the text has one already, the model sees two nested ones, and two
    tokens for the beginning; it learns to write a template inside its answer.

    ## What to do

    Keep the bare texts and let the trainer add the template, or give it the whole as plain text and turn its template off.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]}
    ```

    ```jsonl good
    {"text": "<|im_start|>user\nIs it raining?<|im_end|>\n<|im_start|>assistant\nNo.<|im_end|>"}
    ```

    ```jsonl good target=unsloth
    {"text": "<s>[INST] Is it raining? [/INST] No.</s>"}
    ```

    ```jsonl bad messages[0].content
    {"messages": [{"role": "user", "content": "<|im_start|>user\nIs it raining?<|im_end|>"}, {"role": "assistant", "content": "No."}]}
    ```

    ```jsonl bad text
    {"text": "<s>[INST] Is it raining? [/INST] No.</s>"}
    ```

    Sources: unslothai/unsloth-zoo issue 959; OpenRLHF issue 393; Soup issue 781 (double BOS).
    """

    code = "CHT013"
    name = "already-templated"
    severity = Severity.WARNING
    early = True
    wakes = Wake.TRIGGER
    triggers = ("<|im_start|>", "<|start_header_id|>", "[INST]", "<start_of_turn>", "<|assistant|>", *_BEGINNINGS)

    def applies(self, context: Context) -> bool:
        """Pieces for a trainer without a template carry one on purpose."""
        return super().applies(context) and context.format is not None and context.format.name not in {"segments", "tokenized"}

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield the first template of each text, or the token that it begins with."""
        example = record.example
        assert example is not None
        assert context.format is not None
        templated = context.format.name == "text" or context.format.name in PLAIN_PROMPTS
        for index, turn in enumerate(example.all_turns):
            if not templated:
                found = [(match.start(), match.end(), name) for name, one in TEMPLATES if (match := one.search(turn.text))]
                if found:
                    start, end, name = min(found)
                    yield self.finding(
                        f"the text already carries a template of {name}",
                        Place(turn.text_at, chars=(start, min(end, start + 20))),
                        help="keep the bare text: the trainer adds the template of the model",
                    )
                    continue
            beginning = next((one for one in _BEGINNINGS if index == 0 and turn.text.startswith(one)), None)
            kept = context.dialect is not None and not context.dialect.doubles_start
            if beginning is not None and not kept:
                yield self.finding(
                    f"the text begins with {beginning}, which the tokenizer adds by itself",
                    Place(turn.text_at, chars=(0, len(beginning))),
                    help="remove it, or tell the trainer not to add special tokens: two of them make the model worse",
                )
