"""The page of a rule: what its class says of it, in Markdown."""

from itertools import pairwise
from typing import Any

import msgspec

from tunelint.rules import FAMILIES, all_rules
from tunelint.rules.base import AdviceRule, ConfigRule, GroupRule, ProjectRule, RecordRule, Rule, TallyRule

__all__ = ["catalogue", "kind_of_rule", "options_of", "rule_page", "title_of", "why_of"]


def title_of(rule: type[Rule]) -> str:
    """Return the first line of a rule's docstring."""
    return rule.page().partition("\n")[0]


def why_of(rule: type[Rule]) -> str:
    """Return why a rule's findings matter: the first paragraph under that heading of its docstring."""
    _, _, rest = rule.page().partition("\n## Why\n")
    return " ".join(rest.strip().partition("\n\n")[0].split())


def kind_of_rule(rule: type[Rule]) -> str:
    """Say what a rule looks at."""
    kinds = (
        (RecordRule, "record"),
        (TallyRule, "file"),
        (GroupRule, "group of records"),
        (ConfigRule, "training config"),
        (ProjectRule, "config and its data"),
        (AdviceRule, "sample"),
    )
    return "; ".join(name for kind, name in kinds if issubclass(rule, kind))


def options_of(rule: type[Rule]) -> list[tuple[str, str, str]]:
    """Return name, default and description of each option of a rule."""
    described = attribute_docs(rule.settings)
    return [
        (field.encode_name.replace("_", "-"), msgspec.json.encode(field.default).decode(), described.get(field.name, ""))
        for field in msgspec.structs.fields(rule.settings)
    ]


def attribute_docs(settings: type[msgspec.Struct]) -> dict[str, str]:
    """Return what stands under each field of a struct, as its documentation."""
    import ast
    import inspect
    import textwrap

    tree = ast.parse(textwrap.dedent(inspect.getsource(settings)))
    body = tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else []
    found = {}
    for field, text in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(text, ast.Expr):
            value = text.value
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                found[field.target.id] = " ".join(value.value.split())
    return found


def rule_page(rule: type[Rule]) -> str:
    """Return a rule's page: a table of facts, the docstring, and its options."""
    title, _, rest = rule.page().partition("\n")
    fixes = {"": "none", "safe": "safe", "unsafe": "unsafe", "either": "safe or unsafe"}
    preset = "recommended" if rule.recommended else "strict"
    lines = [
        f"# {rule.code} {rule.name}",
        "",
        title,
        "",
        "| family | looks at | severity | preset | fix | since |",
        "| --- | --- | --- | --- | --- | --- |",
        f"| {FAMILIES[rule.code[:3]]} | {kind_of_rule(rule)} | {rule.severity} | {preset} | {fixes[rule.fix]} | {rule.since} |",
        "",
        rest.strip(),
        "",
    ]
    options = options_of(rule)
    if options:
        lines += ["## Options", "", f"Under `[rules.{rule.code}]` in the settings file.", ""]
        lines += ["| option | default | meaning |", "| --- | --- | --- |"]
        lines += [f"| `{name}` | `{default}` | {meaning} |" for name, default, meaning in options]
        lines.append("")
    return "\n".join(lines)


def catalogue() -> list[dict[str, Any]]:
    """Return what is known of each rule."""
    return [
        {
            "code": code,
            "name": rule.name,
            "family": FAMILIES[code[:3]],
            "title": title_of(rule),
            "kind": kind_of_rule(rule),
            "severity": str(rule.severity),
            "recommended": rule.recommended,
            "fix": rule.fix or None,
            "since": rule.since,
            "options": [{"name": name, "default": default, "description": text} for name, default, text in options_of(rule)],
        }
        for code, rule in all_rules().items()
    ]
