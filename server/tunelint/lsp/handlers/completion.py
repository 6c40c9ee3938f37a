"""Completion of keys and roles inside a record, as far as its line is typed, and of keys and values of a training config."""

from lsprotocol import types

from tunelint.analysis import messages
from tunelint.formats import find_format
from tunelint.lsp.analyst import AnalystGoneError
from tunelint.lsp.files import OpenFile
from tunelint.lsp.server import TuneLintServer, guarded
from tunelint.lsp.typing_place import TypingPlace, keys_at, typing_place
from tunelint.text.lines import Position

__all__ = ["register"]

_ROLE_KEYS = frozenset({"role", "from"})


def register(server: TuneLintServer) -> None:
    """Offer completions."""

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=['"']))
    @guarded("completion")
    async def complete(server: TuneLintServer, params: types.CompletionParams) -> list[types.CompletionItem]:
        file = server.files.get(params.text_document.uri)
        if file is None:
            return []
        position = file.document.position(params.position)
        lines = file.document.lines
        if position.line >= len(lines):
            return []
        if file.facts is not None and file.facts.summary:
            return await _in_config(server, file, position)
        place = typing_place(lines[position.line][: position.column])
        if place is None:
            return []
        name = file.facts.format if file.facts is not None and file.facts.format else "openai-chat"
        return _items(place, name)


async def _in_config(server: TuneLintServer, file: OpenFile, position: Position) -> list[types.CompletionItem]:
    uri = file.document.uri
    try:
        answer = await server.analyst.ask(lambda number: messages.Ask(number, uri, "complete", position.line, position.column))
    except AnalystGoneError:
        return []
    kinds = {"key": types.CompletionItemKind.Property, "value": types.CompletionItemKind.EnumMember}
    return [
        types.CompletionItem(
            one["label"],
            kind=kinds[one["kind"]],
            detail=one["detail"] or None,
            sort_text=f"{number:04}",
            tags=[types.CompletionItemTag.Deprecated] if one["old"] else None,
        )
        for number, one in enumerate(answer.result or [])
    ]


def _items(place: TypingPlace, format_name: str) -> list[types.CompletionItem]:
    form = find_format(format_name)
    if form is None:
        return []
    if place.key is not None:
        roles = list(form.roles) if place.key in _ROLE_KEYS else []
        return [types.CompletionItem(role, kind=types.CompletionItemKind.EnumMember) for role in roles]
    found = keys_at(form, place.path)
    return [
        types.CompletionItem(key, kind=types.CompletionItemKind.Property, sort_text=f"{number:03}", detail=form.title)
        for number, key in enumerate(key for key in found if key not in place.present)
    ]
