"""CHT016: see the class."""

import re
from collections.abc import Hashable, Iterator
from typing import Final

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, TallyRule

_ANSWER: Final = re.compile(
    r"^\s*(?:#+ ?)?(?:Response|Assistant|ASSISTANT|Answer|Output|GPT|AI) ?:|\[/INST\]|<\|assistant\|>|<\|im_start\|>assistant"
    r"|<\|start_header_id\|>assistant|<start_of_turn>model|<[|\uff5c]Assistant[|\uff5c]>",
    re.MULTILINE,
)
"""What stands before the answer of a text that was made of a request and an answer."""

_END: Final = re.compile(r"(?:</s>|<eos>|<end_of_turn>|<[|\uff5c][^<>|\uff5c]{2,30}[|\uff5c]>|\[EOS\]|</?end>)\s*\Z")
"""What looks like a special token at the end of a text."""

_SHARE: Final = 0.9
_MIN_RECORDS: Final = 10


class EndlessText(TallyRule):
    r"""Texts of requests and answers end without an end of text, and the trainer adds none.

    ## Why

    A model learns to stop from the token that ends a text. Where it is missing, the tuned model answers and goes on: it invents the next
    request and answers that as well. TRL and Axolotl put the token behind each text, Unsloth does not.

    ## What to do

    Put the tokenizer's end of text behind each text (`text + tokenizer.eos_token`), or give the data as messages or as prompt and
    completion.

    ## Examples

    ```jsonl good target=unsloth times=20
    {"text": "### Instruction:\nName colour @\n\n### Response:\nColour @ is green</s>"}
    ```

    ```jsonl good target=unsloth times=20
    {"text": "Warm air takes up water from surface @ and rises until it is cold."}
    ```

    ```jsonl good target=trl times=20
    {"text": "### Instruction:\nName colour @\n\n### Response:\nColour @ is green"}
    ```

    ```jsonl bad file target=unsloth times=20
    {"text": "### Instruction:\nName colour @\n\n### Response:\nColour @ is green"}
    ```

    Sources: unsloth-zoo 2026.10.9, ``dataset_utils.py`` (`sft_prepare_dataset`); TRL 1.16, ``sft_trainer.py`` (`add_eos`);
    huggingface/trl issue 1623.
    """

    code = "CHT016"
    name = "endless-text"
    severity = Severity.WARNING
    formats = frozenset({"text"})

    def applies(self, context: Context) -> bool:
        """Only of some targets it is known that they add no end."""
        return super().applies(context) and context.dialect is not None and not context.dialect.ends_text

    def observe(self, record: Record, context: Context) -> Hashable:
        """Return whether a text holds an answer, and whether it ends like one."""
        example = record.example
        if example is None or not example.turns:
            return None
        text = example.turns[0].text
        return bool(_ANSWER.search(text)), bool(_END.search(text))

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding for a file of answers of which none ends."""
        endless, total = bag.counts.get((True, False), 0), bag.total
        if total >= _MIN_RECORDS and endless >= _SHARE * total:
            yield self.finding(
                f"{endless:,} of {total:,} texts hold an answer without an end, and {context.consumer} adds none",
                help="put the tokenizer's eos_token behind each text: the model never learns to stop without it",
            )
