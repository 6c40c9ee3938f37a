"""Reasons about answers with a form: JSON, tool calls, code."""

import re
from typing import Final

from tunelint.advice import published
from tunelint.advice.reasons.base import clues, copied_clues, label_clues, number, percent, rate, said, uncovered_clues
from tunelint.advice.signals import Signals
from tunelint.advice.study import leaf_values
from tunelint.advice.verdict import Strength, Verdict

__all__ = ["code", "extraction", "other_json", "tools"]

_SEVERAL: Final = re.compile(r"[,;\n、，；]")
_MOSTLY_COPIED: Final = 0.6
_FIGURE: Final = re.compile(r"[-+±~<>≤≥$€£¥]?\s?\d")
_MOSTLY_FIGURES: Final = 0.6
"""Where most of what is marked begins with a figure, no convention says what counts: an amount is seen to be one."""

_LISTING: Final = 0.3
"""Where so many answers list several pieces of their requests, which of them count may be a convention."""


def extraction(signals: Signals) -> Verdict | None:
    """Judge answers copied out of the request into a form that a prompt can show."""
    if signals.kind not in {"json", "short"}:
        return None
    found, material = signals.grounding, signals.material
    if found.copy < 0.7 or material.cover < 0.95 or material.tokens > 300:
        return None
    copied = number("copy", found.copy, 0.7, f"{percent(found.copy)} of what the answers say stands in the request")
    if signals.kind == "short":
        several = [index for index in signals.study.asked if _SEVERAL.search(signals.study.said[index])]
        listing = len(several) >= _LISTING * len(signals.study.asked)
        return said(signals, "prompt", "lean" if listing else "strong", copied, clues=copied_clues(signals))
    schema = number(
        "schema-tokens",
        material.tokens,
        300,
        f"the {material.symbols} field names and values that recur are {material.tokens} tokens: they fit into a schema",
    )
    covered = number(
        "cover@32", material.cover, 0.95, f"32 examples show all of them for {percent(material.cover)} of the records"
    )
    solvers = signals.solvers
    unsettled = solvers.nearest < 0.4 or solvers.slope >= 0.05
    if unsettled and signals.lists_spans and _figures(signals) < _MOSTLY_FIGURES:
        nearest = number(
            "nearest",
            solvers.nearest,
            0.4,
            f"which spans count is a convention: the nearest example's fields score {solvers.nearest:.2f} F1,"
            f" {solvers.slope:+.2f} from the last doubling of the examples",
        )
        return said(
            signals,
            "fine-tune",
            "lean",
            nearest,
            rate("entity extraction"),
            copied,
            schema,
            hints=["structured-outputs"],
            clues=copied_clues(signals),
        )
    strength: Strength = "lean" if unsettled else "strong"
    evidence = copied_clues(signals)
    return said(signals, "prompt", strength, copied, schema, covered, hints=["structured-outputs"], clues=evidence)


def _figures(signals: Signals) -> float:
    """Return the share of JSON answers most of whose texts begin with a figure: amounts, dates, measurements."""
    study, found = signals.study, 0
    for index in study.asked:
        texts = [text for _, text in leaf_values(study.values[index]) if text]
        found += 2 * sum(_FIGURE.match(text) is not None for text in texts) >= max(1, len(texts))
    return found / max(1, len(study.asked))


def tools(signals: Signals) -> Verdict | None:
    """Judge calls of tools."""
    if signals.kind != "tool":
        return None
    share = signals.study.task.forms.get("tool", 0.0)
    calling = [index for index in signals.study.asked if signals.study.rows[index].pair.calls]
    evidence = clues(signals, calling or signals.study.asked, "its answer calls a tool")
    says = f"{percent(share)} of the answers call a tool: calling with the schemas in the request is what models are trained for"
    return said(signals, "prompt", "lean", number("tool-calls", share, 0.5, says), hints=["native-tools"], clues=evidence)


def other_json(signals: Signals) -> Verdict | None:
    """Judge JSON whose values are not copied from the request."""
    if signals.kind != "json":
        return None
    material = signals.material
    covered = number(
        "cover@32",
        material.cover,
        0.95,
        f"32 examples show all names and values that recur for {percent(material.cover)} of the records",
        published.BERTSCH,
    )
    schema = number("schema-tokens", material.tokens, 300, f"{material.symbols} names and values recur, {material.tokens} tokens")
    if material.cover >= 0.95 and material.tokens <= 300 and material.open <= 0.1:
        evidence = label_clues(signals)
        return said(
            signals, "prompt", "lean", schema, covered, rate("closed labels"), hints=["structured-outputs"], clues=evidence
        )
    copy = signals.grounding.copy
    if copy >= _MOSTLY_COPIED:
        copied = number("copy", copy, _MOSTLY_COPIED, f"{percent(copy)} of what the answers say stands in the request")
        return said(signals, "prompt", "lean", copied, covered, schema, hints=["structured-outputs"], clues=copied_clues(signals))
    evidence = uncovered_clues(signals)
    return said(signals, "example-retrieval", "lean", covered, schema, hints=["structured-outputs"], clues=evidence)


def code(signals: Signals) -> Verdict | None:
    """Judge code."""
    if signals.kind != "code":
        return None
    material = signals.material
    names = number(
        "cover@32", material.cover, 0.9, f"32 examples show all recurring names for {percent(material.cover)} of the answers"
    )
    repeated = number(
        "repeated", material.repeated, 0.3, f"{percent(material.repeated)} of the answers stand in other records too"
    )
    copied = signals.grounding.copy
    if copied >= 0.5:
        says = f"{percent(copied)} of what the answers name stands in the request: the schema is there"
        return said(signals, "prompt", "lean", rate("code"), number("copy", copied, 0.5, says), clues=copied_clues(signals))
    if material.cover >= 0.9 and material.repeated >= 0.3:
        evidence = uncovered_clues(signals)
        return said(signals, "example-retrieval", "lean", names, repeated, hints=["schema-in-prompt"], clues=evidence)
    evidence = copied_clues(signals)
    return said(signals, "prompt", "lean", rate("code"), names, repeated, hints=["schema-in-prompt"], clues=evidence)
