"""CHT001: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.example import SEPARATOR, Role
from tunelint.core.finding import Edit, Fix, Severity
from tunelint.core.record import Record
from tunelint.formats.base import Format
from tunelint.formats.shape import closest
from tunelint.rules.base import Context, RoleFault, RoleRule, role_path
from tunelint.text.parse import Path

_ELSEWHERE: Final[dict[str, tuple[str, Role]]] = {
    "human": ("ShareGPT", "user"),
    "gpt": ("ShareGPT", "assistant"),
    "observation": ("ShareGPT", "tool"),
    "function_call": ("ShareGPT", "assistant"),
    "model": ("Gemini", "assistant"),
    "chatbot": ("Cohere", "assistant"),
    "bot": ("", "assistant"),
    "ai": ("", "assistant"),
    "user": ("", "user"),
    "assistant": ("", "assistant"),
    "system": ("", "system"),
    "tool": ("", "tool"),
    "ipython": ("Llama's template", "tool"),
    "tool_response": ("ms-swift", "tool"),
    "tool_call": ("ms-swift", "assistant"),
    "developer": ("OpenAI", "system"),
    "question": ("", "user"),
    "answer": ("", "assistant"),
}
"""Roles of other formats and common misnomers, with what they mean."""

_PLAIN: Final = frozenset({"user", "assistant", "system"})


class UnknownRole(RoleRule):
    """A turn has a role that its readers do not know.

    ## Why

    An unknown role ends the run, or the turn is skipped: "Invalid role tag". Mostly it is the role of another format, such as
    ShareGPT's `human` and `gpt` in OpenAI's messages, or `model` of Gemini, or is misspelt.

    ## What to do

    Use the roles of the format; the fix renames where only one can be meant.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]}
    ```

    ```jsonl good
    {"conversations": [{"from": "human", "value": "Is it raining?"}, {"from": "gpt", "value": "No."}]}
    ```

    ```jsonl bad messages[0].role messages[1].role
    {"messages": [{"role": "human", "content": "Is it raining?"}, {"role": "gpt", "content": "No."}]}
    ```

    ```jsonl fixed
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]}
    ```

    ```jsonl bad messages[1].role
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "asistant", "content": "No."}]}
    ```

    ```jsonl fixed
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]}
    ```

    ```jsonl bad messages[0].role target=together
    {"messages": [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]}
    ```

    ```jsonl fixed
    {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]}
    ```

    Sources: openai-cookbook (unrecognized role); hiyouga/LlamaFactory issue 2529; together, utils/files.py.
    """

    code = "CHT001"
    name = "unknown-role"
    severity = Severity.ERROR
    fix = "safe"

    def find(self, speakers: tuple[str, ...], context: Context) -> Iterator[RoleFault]:
        """Yield each role that nobody, or not the target, knows."""
        form = context.format
        assert form is not None
        for index, speaker in enumerate(speakers):
            if speaker == SEPARATOR:
                continue
            known_to_format = speaker in form.roles
            refusal = context.refusal(lambda dialect: dialect.roles is not None and speaker not in dialect.roles)  # noqa: B023
            if known_to_format and (refusal is None or context.target is None):
                continue
            if not known_to_format and context.target is not None and self._taken(speaker, context):
                continue
            right = _meant(speaker, form, context)
            origin = _ELSEWHERE.get(speaker.lower(), ("", "user"))[0]
            named = f", which is {origin}'s name" if origin and origin != form.title else ""
            who = context.target.title if context.target is not None else form.title
            yield RoleFault(
                index,
                f"{who} has no role {speaker[:30]!r}{named}",
                Severity.ERROR,
                f"use {_choices(form, context)}",
                right,
            )

    def _taken(self, speaker: str, context: Context) -> bool:
        return any(dialect.roles is not None and speaker in dialect.roles for _, dialect in context.dialects)

    def mend(self, record: Record, at: Path, fault: RoleFault) -> Fix | None:
        """Rename the role where only one can be meant."""
        if not fault.suggestion:
            return None
        return Fix(
            f"rename the role to {fault.suggestion!r}", "safe", (Edit("replace", role_path(record, at), fault.suggestion),)
        )


def _known(form: Format, context: Context) -> list[str]:
    """Return the roles that may be used."""
    dialect = context.dialect
    if dialect is not None and dialect.roles is not None:
        return [role for role in form.roles if role in dialect.roles] or sorted(dialect.roles)
    return list(form.roles)


def _meant(speaker: str, form: Format, context: Context) -> str:
    """Return the role that was meant, empty where there is no telling."""
    found = _ELSEWHERE.get(speaker.strip().lower())
    if found is None:
        return closest(speaker.strip(), _known(form, context)) or ""
    return next((role for role in _known(form, context) if form.roles.get(role) == found[1]), "")


def _choices(form: Format, context: Context) -> str:
    known = [role for role in _known(form, context) if form.roles.get(role) in _PLAIN][:6]
    return f"{', '.join(known[:-1])} or {known[-1]}" if len(known) > 1 else "".join(known)
