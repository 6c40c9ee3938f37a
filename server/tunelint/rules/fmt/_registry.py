"""What LLaMA-Factory 0.9.5 reads of a dataset by its entry in the registry, held against the first records of its file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from tunelint.core.finding import Severity
from tunelint.text.parse import Path

__all__ = ["Fault", "file_fault", "record_faults", "tag_fault"]

_COLUMNS: Final = {"prompt": "instruction", "query": "input", "response": "output", "messages": "conversations"}
_TAGS: Final = {
    "role_tag": "from",
    "content_tag": "value",
    "user_tag": "human",
    "assistant_tag": "gpt",
    "observation_tag": "observation",
    "function_tag": "function_call",
    "system_tag": "system",
}
"""What is read where an entry says nothing (`DatasetAttr`). One that has `columns`, or `tags`, has no defaults there (`join`)."""

_NEEDED_TAGS: Final = ("role_tag", "content_tag", "user_tag", "assistant_tag")
_SPEAKERS: Final = ("user_tag", "assistant_tag", "observation_tag", "function_tag", "system_tag")
_MEDIA: Final = ("images", "videos", "audios")
_TYPES: Final = ("arrow", "csv", "json", "jsonl", "parquet", "txt")
"""Ends of file names that are read (`FILEEXT2TYPE`); a `txt` is read line by line, as a table with the column `text`."""

_CHATS: Final = ("messages", "conversations", "conversation")
_SHOWN: Final = 4


class Fault(NamedTuple):
    """What is wrong with an entry, at a path below it."""

    at: Path
    message: str
    help: str
    severity: Severity = Severity.ERROR


def tag_fault(entry: Mapping[str, Any]) -> Fault | None:
    """Return that an entry drops tags by naming others."""
    tags = entry.get("tags")
    if not isinstance(tags, dict) or not tags or entry.get("formatting", "alpaca") == "alpaca":
        return None
    lacking = [key for key in _NEEDED_TAGS if tags.get(key) is None]
    if not lacking:
        return None
    key = lacking[0]
    end = "no conversation can be read" if key in _NEEDED_TAGS[:2] else "every conversation is skipped"
    added = ", ".join(f'"{one}": "{_TAGS[one]}"' for one in lacking)
    return Fault(
        ("tags",),
        f"tags names others and not {key!r}, so that {_TAGS[key]!r} is not read any more and {end}",
        f"an entry with tags has no default tags: add {added}, or what the data has in their place",
    )


def file_fault(entry: Mapping[str, Any]) -> Fault | None:
    """Return that a file's name ends in what is not read, or is read as something else than the entry says."""
    name = str(entry.get("file_name", ""))
    stem, _, end = name.replace("\\", "/").rpartition("/")[2].rpartition(".")
    if not stem:
        return None
    if end not in _TYPES:
        return Fault(
            ("file_name",),
            f"LLaMA-Factory does not read files that end in .{end}",
            f"it goes by the end of the name, and knows {', '.join(_TYPES)}",
        )
    split = entry.get("split")
    if isinstance(split, str) and split.partition("[")[0] not in {"train", "all"} and "+" not in split:
        return Fault(
            ("split",), f"split is {split!r}, and a file has the one split train", "the run ends when it is read: remove it"
        )
    wanted = _column(entry, "prompt" if entry.get("formatting", "alpaca") == "alpaca" else "messages")
    if end == "txt" and wanted != "text":
        return Fault(
            ("file_name",),
            f"a .txt is read line by line into one column, 'text', and the entry reads {wanted!r}",
            "call a file of JSON .json or .jsonl: LLaMA-Factory goes by the end of the name",
        )
    return None


def record_faults(entry: Mapping[str, Any], there: Iterable[str], samples: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    """Yield columns that an entry reads and no record has, and turns that its tags do not read."""
    if not samples:
        return
    keys = set(there).union(*samples)
    missing = [(key, column) for key, column in _read(entry) if column not in keys]
    for key, column in missing:
        yield _missing(entry, key, column, keys)
    if not missing and entry.get("formatting", "alpaca") != "alpaca" and tag_fault(entry) is None:
        yield from _turns(entry, samples)


def _column(entry: Mapping[str, Any], key: str) -> str | None:
    columns = entry.get("columns")
    column = columns.get(key) if isinstance(columns, dict) else _COLUMNS.get(key)
    return column if isinstance(column, str) else None


def _read(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the columns that the converter of the formatting looks up in each record: it ends at one that is not there."""
    ranked = entry.get("ranking") is True
    answers = ("chosen", "rejected") if ranked else ()
    formatting = entry.get("formatting", "alpaca")
    if formatting == "alpaca":
        keys = ("history", "prompt", "query", *(answers or ("response",)), "kto_tag", "system", "tools", *_MEDIA)
    elif formatting == "sharegpt":
        keys = ("messages", *answers, "kto_tag", "tools", *_MEDIA)
    else:
        keys = ("messages", *answers, "kto_tag", *_MEDIA)
    for key in keys:
        column = _column(entry, key)
        if column is not None:
            yield key, column


def _missing(entry: Mapping[str, Any], key: str, column: str, keys: set[str]) -> Fault:
    listed = ", ".join(sorted(keys))
    if isinstance(entry.get("columns"), dict):
        message = f"{key} is {column!r}, a column that the file does not have"
        return Fault(("columns", key), message, f"the columns are {listed}")
    chat = next((one for one in _CHATS if one in keys), "")
    way = f"the columns are {listed}: name those to be read in columns"
    if key == "query":
        way = 'an entry without columns reads it; where there is none, add "columns": {"prompt": "instruction", "response": "output"}'
    elif key in {"prompt", "response"} and chat:
        way = f'for conversations set "formatting": "sharegpt", with "columns": {{"messages": "{chat}"}} and tags'
    return Fault(("file_name",), f"the file has no column {column!r}, which is read unless columns says otherwise", way)


def _turns(entry: Mapping[str, Any], samples: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    """Yield tags that name no key of the turns, or leave a speaker of theirs unread."""
    messages = _column(entry, "messages") or ""
    lists = [
        [turn for turn in turns if isinstance(turn, dict)] for one in samples if isinstance(turns := one.get(messages), list)
    ]
    records = [turns for turns in lists if turns]
    if not records:
        return
    own = entry.get("tags")
    tags = {key: str(tag) for key, tag in (own if isinstance(own, dict) else _TAGS).items() if tag is not None}
    keys = {str(key) for turns in records for turn in turns for key in turn}
    for key in _NEEDED_TAGS[:2]:
        if tags[key] not in keys:
            yield Fault(
                ("tags", key) if own else ("formatting",),
                f"the turns have no key {tags[key]!r}, which is read as {key}",
                f"the keys of the turns are {', '.join(sorted(keys))}: name them in tags, with all of {', '.join(_NEEDED_TAGS)}",
            )
            return
    known = {tags[key] for key in _SPEAKERS if key in tags}
    speakers = [{str(turn.get(tags["role_tag"])) for turn in turns} for turns in records]
    unread = [some - known for some in speakers if some - known]
    if not unread:
        return
    speaking = set().union(*speakers)
    dead = next((key for key in _NEEDED_TAGS[2:] if tags[key] not in speaking), "")
    whole = len(unread) == len(records)
    end = f"{'every conversation is' if whole else f'{len(unread)} of the first {len(records)} are'} skipped"
    way = "a line in its log is all that LLaMA-Factory says of what it skips"
    if entry["formatting"] == "openai":
        whole, end, way = True, "the run ends", "the first of them is a KeyError"
    strange = ", ".join(map(repr, sorted(set().union(*unread))[:_SHOWN]))
    yield Fault(
        ("formatting",) if not own else ("tags", dead) if dead else ("tags",),
        f"no tag reads turns of {strange}, so that {end}",
        f"the tags read {', '.join(sorted(known))}; {way}",
        Severity.ERROR if whole else Severity.WARNING,
    )
