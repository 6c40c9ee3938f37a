"""QUA005: see the class."""

import re
from collections.abc import Iterator
from typing import Final

from tunelint.core.example import Turn, is_trained
from tunelint.core.finding import Finding, Place, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake

_CODE_FENCE: Final = "```"
_PATTERNS: Final = (
    ("a placeholder that was not filled in", re.compile(r"(?<![${\\])\{\{ ?[A-Za-z_]\w{0,30} ?\}\}(?!\})")),
    ("an instruction to whoever writes the text", re.compile(r"\[(?:INSERT|Insert|TODO|FILL|TBD|PLACEHOLDER)\b[^\]\n]{0,60}\]")),
    ("filler text", re.compile(r"\b[Ll]orem ipsum dolor\b")),
    ("a model speaking of itself", re.compile(r"\b[Aa]s an? AI (?:language )?(?:model|assistant)\b")),
)


class PlaceholderText(RecordRule):
    r"""An answer holds text that was meant to be replaced.

    ## Why

    The model learns to say it: `{{name}}`, `[INSERT DATE]`, filler text, or "As an AI language model", which is left over from
    the model that wrote the data and makes the tuned one refuse and hedge.

    Only what is learnt is looked at, and answers with code in them are not searched for `{{ }}`, where it is mostly syntax.

    ## What to do

    Fill in the value, or drop the record.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Fill in {{name}}"}, {"role": "assistant", "content": "Dear Ms Okafor, thank you for your letter."}]}
    ```

    ```jsonl good
    {"messages": [{"role": "user", "content": "Show me a loop in Jinja"}, {"role": "assistant", "content": "```jinja\n{% for one in all %}{{ one }}{% endfor %}\n```"}]}
    ```

    ```jsonl good
    {"prompt": "Who are you?", "chosen": "Hello! I am Ada, at your service.", "rejected": "Hello! I am {{name}}, at your service."}
    ```

    ```jsonl bad messages[1].content
    {"messages": [{"role": "user", "content": "Who are you?"}, {"role": "assistant", "content": "Hello! I am {{name}}, at your service."}]}
    ```

    Sources: hiyouga/LLaMA-Factory, ``data/identity.json``, whose placeholders are meant to be filled in before training.
    """

    code = "QUA005"
    name = "placeholder-text"
    severity = Severity.WARNING
    wakes = Wake.TRIGGER
    triggers = ("{{", "[INSERT", "[Insert", "[TODO", "[FILL", "[TBD", "[PLACEHOLDER", "orem ipsum", "s an AI ", "s a AI ")

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield one finding for the first piece of placeholder text in each kind."""
        example = record.example
        assert example is not None
        if example.label is False:
            return
        wanted = [*example.turns, *(example.chosen or ())]
        for what, pattern in _PATTERNS:
            found = next(iter(self._search(wanted, pattern)), None)
            if found is not None:
                turn, match = found
                yield self.finding(
                    f"the answer holds {what}: {match[0].strip()[:40]!r}",
                    Place(turn.text_at, chars=match.span()),
                    help="fill it in or drop the record: the model learns to say it",
                )

    def _search(self, turns: list[Turn], pattern: re.Pattern[str]) -> Iterator[tuple[Turn, re.Match[str]]]:
        for turn in turns:
            if is_trained(turn) and turn.role != "text" and not (pattern is _PATTERNS[0][1] and _is_code(turn.text)):
                match = pattern.search(turn.text)
                if match is not None:
                    yield turn, match


def _is_code(text: str) -> bool:
    return _CODE_FENCE in text or "{%" in text or "</" in text or "=>" in text
