"""The skeleton of a rule."""

import re
from pathlib import Path
from typing import Final

from tunelint.rules import FAMILIES, all_rules

__all__ = ["new_rule"]

_RULES: Final = Path(__file__).parents[1] / "rules"

_SKELETON: Final = '''"""{code}: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Place, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake


class {class_name}(RecordRule):
    """What is wrong, in one sentence.

    ## Why

    What it costs when nobody notices, and whom.

    ## What to do

    What the reader should change.

    ## Examples

    ```jsonl good
    {{"prompt": "1 + 1 =", "completion": " 2"}}
    ```

    ```jsonl bad completion
    {{"prompt": "1 + 1 =", "completion": " {code}"}}
    ```
    """

    code = "{code}"
    name = "{name}"
    severity = Severity.WARNING
    wakes = Wake.TRIGGER
    triggers = ("{code}",)

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield what is wrong with a record."""
        example = record.example
        assert example is not None
        for turn in example.all_turns:
            if "{code}" in turn.text:
                yield self.finding("the text says {code}", Place(turn.text_at), help="say something else")
'''


def new_rule(code: str, name: str, rules: Path = _RULES) -> Path:
    """Write the skeleton of a rule and return its path; raises ValueError for a code or name that cannot be."""
    code = code.upper()
    if not re.fullmatch(r"[A-Z]{3}[0-9]{3}", code) or code[:3] not in FAMILIES:
        raise ValueError(f"{code!r} is no code: three letters of a family ({', '.join(FAMILIES)}) and three digits")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise ValueError(f"{name!r} is no name: lower-case words with hyphens")
    taken = next((rule for rule in all_rules().values() if rule.code == code or rule.name == name), None)
    if taken is not None:
        raise ValueError(f"{taken.code} {taken.name} is there already; codes and names are never used again")
    folder = rules / code[:3].lower()
    folder.mkdir(exist_ok=True)
    package = folder / "__init__.py"
    if not package.exists():
        package.write_text(f'"""{FAMILIES[code[:3]]}."""\n', encoding="utf-8", newline="\n")
    path = folder / f"{code.lower()}_{name.replace('-', '_')}.py"
    class_name = "".join(word.capitalize() for word in name.split("-"))
    path.write_text(_SKELETON.format(code=code, name=name, class_name=class_name), encoding="utf-8", newline="\n")
    return path
