"""Answers to questions about a document: all safe fixes as edits, what a record is, how long records are, records as chats."""

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from tunelint.analysis.config import complete_config, describe_key
from tunelint.analysis.document import Document
from tunelint.analysis.messages import Answer, Ask
from tunelint.core.diagnostic import TextEdit
from tunelint.core.example import is_trained
from tunelint.core.record import Record
from tunelint.engine.config import ConfigLinter, changed_lines
from tunelint.engine.fixes import Mender, changes, plan_fixes
from tunelint.engine.live import Line
from tunelint.engine.session import Session
from tunelint.engine.silencing import silencing_edit
from tunelint.engine.sources import SourceError
from tunelint.engine.torn import is_within
from tunelint.text.lines import line_body
from tunelint.tokens import counter_for

__all__ = ["QUESTIONS", "answer"]

_MOST_KEYS: Final = 12
_MOST_LENGTHS: Final = 2_000
_CHAT_ROLES: Final = frozenset({"system", "user", "assistant"})


def answer(document: Document | None, ask: Ask) -> Answer:
    """Answer a question; a document that is not known has no answers."""
    question = QUESTIONS.get(ask.question)
    if document is None or question is None:
        return Answer(ask.id, problem="the document is not open")
    return question(document, ask)


def _mend(document: Document, ask: Ask) -> Answer:
    """Return the edits that make all safe fixes."""
    if document.config is not None:
        return _mend_config(document, ask)
    if document.session is not None:
        document.session.read()
        edits = list(_mended_lines(document.session))
    else:
        try:
            linter = document.whole_linter()
            linter.read()
            edits = [
                TextEdit(change.line, 1, change.line + 1, 1, _text(change.after))
                for change in changes(linter, plan_fixes(linter.plan, linter.findings(), frozenset({"safe"})))
                if change.before is not None and change.before != change.after
            ]
        except SourceError as problem:
            return Answer(ask.id, problem=str(problem))
    return Answer(ask.id, edits=edits, version=document.version, result=len(edits))


def _mend_config(document: Document, ask: Ask) -> Answer:
    assert document.config is not None
    before = document.text
    after, total = ConfigLinter(document.config, document.request).mend(frozenset({"safe"}))
    number = 0
    edits = []
    for change in changed_lines(before, after):
        number = change.line
        if change.before is None:
            edits.append(TextEdit(number + 1, 1, number + 1, 1, _text(change.after)))
        elif change.before != change.after:
            edits.append(TextEdit(number, 1, number + 1, 1, _text(change.after)))
    return Answer(ask.id, edits=edits if total else [], version=document.version, result=total)


def _silence(document: Document, ask: Ask) -> Answer:
    """Return the edit that makes a comment ignore a rule at a line and a column, which is `last`, of a config."""
    config = document.config
    if config is None:
        return Answer(ask.id, problem="the document is no training config")
    begin = sum(map(len, document.lines[: ask.first]))
    edit = silencing_edit(config.tree, begin + ask.last, ask.code)
    if edit is None:
        return Answer(ask.id, problem="no comment can stand in this line; ignore the rule in the settings")
    first, last = edit.start - begin + 1, edit.end - begin + 1
    number = ask.first + 1
    return Answer(ask.id, edits=[TextEdit(number, first, number, last, edit.text)], version=document.version, result=1)


def _text(data: bytes | None) -> str:
    return (data or b"").decode("utf-8", "surrogatepass")


def _mended_lines(session: Session) -> Iterator[TextEdit]:
    """Yield the edits of the lines that something can be mended in, and of the end of the text."""
    fixes = plan_fixes(session.plan, session.findings(), frozenset({"safe"}))
    counter = counter_for(session.plan.context.encoding) if session.plan.needs_tokens else None
    mender = Mender(session.plan, fixes, counter)
    lines = session.store.lines
    for line in session.lines_with_findings({handle for handle in fixes.on_records if isinstance(handle, Line)}):
        body = line_body(lines[line.index])
        marked = "\ufeff" if body.startswith("\ufeff") and not line.index else ""
        raw = body.removeprefix(marked).encode("utf-8", "surrogatepass")
        mended = raw if not raw.strip() and is_within(lines, line.index) else mender.mend(raw, line)
        number = line.index + 1
        if mended is None:
            yield TextEdit(number, 1, number + 1, 1, "") if line.end else TextEdit(number, 1, number, len(body) + 1, "")
        elif mended != raw:
            yield TextEdit(number, 1, number, len(body) + 1, marked + _text(mended))
    if "final-newline" in fixes.rewrites and lines[-1]:
        yield TextEdit(len(lines), len(lines[-1]) + 1, len(lines), len(lines[-1]) + 1, "\n")


def _describe(document: Document, ask: Ask) -> Answer:
    """Describe the record of a line, or the key of a config at a line and a column, which is `last`."""
    if document.config is not None:
        offset = sum(map(len, document.lines[: ask.first])) + ask.last
        return Answer(ask.id, result=describe_key(document.config, document.costs(), offset), version=document.version)
    session = document.session
    if session is None or ask.first >= len(session.store.lines) or not session.store.lines[ask.first].strip():
        return Answer(ask.id)
    record = session.record(ask.first)
    if not isinstance(record.value, dict):
        return Answer(ask.id)
    described: dict[str, Any] = {"bytes": len(record.raw), "keys": list(record.value)[:_MOST_KEYS]}
    if record.example is not None:
        ids = record.tokens or []
        described["turns"] = [
            {
                "role": turn.role,
                "text": turn.text,
                "trained": is_trained(turn),
                "tokens": len(ids[number]) if number < len(ids) else None,
            }
            for number, turn in enumerate(record.example.all_turns)
        ]
    if record.lengths is not None:
        described["tokens"], described["trained"] = record.lengths.total, record.lengths.trained
    if session.plan.context.format is not None:
        described["format"] = session.plan.context.format.title
    return Answer(ask.id, result=described, version=document.version)


def _lengths(document: Document, ask: Ask) -> Answer:
    """Return line, tokens and trained tokens of records that were read."""
    if document.session is None:
        return Answer(ask.id, result=[])
    found = document.session.lengths(range(ask.first, min(ask.last, ask.first + _MOST_LENGTHS) + 1))
    return Answer(ask.id, result=found, version=document.version)


def _complete(document: Document, ask: Ask) -> Answer:
    """Return what fits at a line and a column, which is `last`, of a config."""
    if document.config is None:
        return Answer(ask.id, result=[])
    return Answer(ask.id, result=complete_config(document.config, document.lines, ask.first, ask.last), version=document.version)


def _chat(document: Document, ask: Ask) -> Answer:
    """Return the edits that write records of prompt and completion as chats."""
    session = document.session
    if session is None:
        return Answer(ask.id, problem="only JSON Lines can be rewritten")
    edits = []
    for index in range(ask.first, min(ask.last + 1, len(session.store.lines))):
        chat = _as_chat(session.record(index)) if session.store.lines[index].strip() else None
        if chat is not None:
            body = line_body(session.store.lines[index])
            edits.append(TextEdit(index + 1, 1, index + 1, len(body) + 1, json.dumps(chat, ensure_ascii=False)))
    return Answer(ask.id, edits=edits, version=document.version, result=len(edits))


def _as_chat(record: Record) -> dict[str, Any] | None:
    """Return a record as a chat; None for one that is a chat already, or is more than plain texts."""
    example = record.example
    if example is None or example.chosen is not None or not isinstance(record.value, dict) or len(example.turns) < 2:
        return None
    if "messages" in record.value or any(turn.role not in _CHAT_ROLES for turn in example.turns):
        return None
    if example.turns[-1].role != "assistant":
        return None
    return {"messages": [{"role": turn.role, "content": turn.text} for turn in example.turns]}


QUESTIONS: Final[dict[str, Callable[[Document, Ask], Answer]]] = {
    "mend": _mend,
    "describe": _describe,
    "lengths": _lengths,
    "chat": _chat,
    "complete": _complete,
    "silence": _silence,
}
