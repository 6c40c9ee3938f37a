"""The few-shot prompt that the dataset makes, ready to copy."""

import json
from typing import Final

from tunelint.advice.conversation import wire
from tunelint.advice.prompt import BUDGET, Prompt, material_of, prompt_of
from tunelint.core.errors import UserError
from tunelint.core.finding import Severity
from tunelint.report.page.html import details, joined, lines_of, tag
from tunelint.report.page.reading import Reading
from tunelint.report.page.subject import Budget, Section
from tunelint.tokens import counter_for

__all__ = ["prompt_for", "section"]

_TITLE: Final = "What would the prompt be?"


def prompt_for(reading: Reading) -> Prompt | None:
    """Return the prompt of a dataset, None where it makes none."""
    if reading.signals is None:
        return None
    flagged = frozenset(handle for handle, one in reading.found if handle >= 0 and one.severity.rank <= Severity.WARNING.rank)
    try:
        return prompt_of(material_of(reading.sample, flagged), counter_for(reading.linter.context.encoding).count, None, BUDGET)
    except UserError:
        return None


def section(reading: Reading, prompt: Prompt | None, budget: Budget) -> Section | None:
    """Return the prompt with what is known of it; None where there is none."""
    if prompt is None:
        return None
    messages = wire(prompt.messages())
    text = "\n\n".join(f"### {one.role}\n{one.text()}" for one in prompt.messages())
    whole = json.dumps({"messages": messages, "tools": prompt.tools} if prompt.tools else messages, ensure_ascii=False, indent=2)
    if len(text) + len(whole) > budget.prompt:
        note = f"It is too long for this page: tunelint prompt {reading.subject.name} writes it."
        return Section("prompt", _TITLE, joined((_facts(prompt), tag("p", note, class_="note"))))
    body = joined(
        (
            _facts(prompt),
            _copyable("The prompt", lines_of(text, budget.prompt)),
            details("As OpenAI messages", _copyable("The prompt as JSON", lines_of(whole, budget.prompt))),
        )
    )
    return Section("prompt", _TITLE, body)


def _facts(prompt: Prompt) -> object:
    chosen = prompt.chosen
    missing = f" {len(chosen.missing):,} labels are not shown." if chosen.missing else ""
    return tag(
        "p",
        f"{len(prompt.shots):,} examples that stand for most others, {prompt.tokens:,} tokens before the request. For "
        f"{chosen.covered:.0%} of the records they show all that the answer is made of.{missing} The request goes where "
        "{{input}} stands; whether it is good enough, tunelint measure says.",
    )


def _copyable(label: str, text: str) -> object:
    return tag(
        "div",
        tag("button", "Copy", type="button", data_copy=True, aria_label=f"Copy: {label}"),
        tag("pre", text, tabindex="0", role="region", aria_label=label),
        class_="copyable",
    )
