"""FMT011: see the class."""

from collections.abc import Iterator
from typing import Any, Final

from tunelint.core.dataset import DatasetSummary
from tunelint.core.finding import Edit, Finding, Fix, Place, Severity
from tunelint.rules.base import Link, ProjectRule
from tunelint.rules.fmt._registry import Fault, file_fault, record_faults, tag_fault
from tunelint.text.distance import within
from tunelint.text.parse import Path
from tunelint.trainers.dataset_info import KEYS

_COLUMNS: Final = frozenset(
    {
        "prompt", "query", "response", "history", "messages", "system", "tools", "images", "videos", "audios", "chosen", "rejected",
        "kto_tag",
    }
)  # fmt: skip
_TAGS: Final = frozenset(
    {"role_tag", "content_tag", "user_tag", "assistant_tag", "observation_tag", "function_tag", "system_tag"}
)
_FORMATTINGS: Final = ("alpaca", "sharegpt", "openai")
"""What LLaMA-Factory 0.9.5 reads of an entry (data/parser.py)."""

_MEANT: Final = {"instruction": "prompt", "input": "query", "output": "response", "conversations": "messages"}
"""Columns of the data whose names stand where the name of what LLaMA-Factory reads should."""

_DEFAULTS: Final = {"prompt": "instruction", "response": "output", "messages": "conversations"}
"""The columns that are read where an entry has no `columns` at all."""


class DatasetInfo(ProjectRule):
    """An entry of `dataset_info.json` does not say where the data or its columns are.

    ## Why

    LLaMA-Factory reads its datasets through this registry. A key that it does not know is ignored, so a misspelt `rankng` trains on
    half of the data. The columns have a trap: the names `instruction`, `output` and `conversations` are the defaults of an entry that
    has no `columns`; one that names a single column has no other column any more. `tags` has the same trap: who names the role of
    the user only has none for the assistant, and each conversation is skipped, with a line in the log.

    ## What to do

    Spell keys right, and name every column or tag that the data has as soon as you name one. An entry of formatting alpaca without
    `columns` reads the column `input` too, and ends where there is none.

    ## Examples

    ```json good name=dataset_info.json
    {
      "identity": {"hf_hub_url": "org/identity"},
      "pairs": {"hf_hub_url": "org/pairs", "ranking": true, "columns": {"prompt": "prompt", "chosen": "chosen", "rejected": "rejected"}},
      "text": {"hf_hub_url": "org/text", "columns": {"prompt": "text"}}
    }
    ```

    ```json bad pairs.rankng name=dataset_info.json
    {
      "identity": {"hf_hub_url": "org/identity"},
      "pairs": {"hf_hub_url": "org/pairs", "rankng": true}
    }
    ```

    ```json fixed
    {
      "identity": {"hf_hub_url": "org/identity"},
      "pairs": {"hf_hub_url": "org/pairs", "ranking": true}
    }
    ```

    ```json bad chats.columns name=dataset_info.json
    {
      "chats": {"hf_hub_url": "org/chats", "formatting": "sharegpt", "columns": {"system": "system"}}
    }
    ```

    ```jsonl beside train.jsonl times=20
    {"question": "Name colour @", "output": "Colour @ is green"}
    ```

    ```json bad mine.columns name=dataset_info.json
    {
      "mine": {"file_name": "train.jsonl", "columns": {"prompt": "question"}}
    }
    ```

    ```jsonl beside other.jsonl
    {"question": "Name a colour", "output": "Green"}
    ```

    ```json bad mine.file_name name=dataset_info.json
    {
      "mine": {"file_name": "train.jsonl"}
    }
    ```

    ```jsonl beside chats.jsonl times=20
    {"turns": [{"who": "human", "says": "Name colour @"}, {"who": "bot", "says": "Green"}]}
    ```

    ```json good name=dataset_info.json
    {
      "chats": {
        "file_name": "chats.jsonl",
        "formatting": "sharegpt",
        "columns": {"messages": "turns"},
        "tags": {"role_tag": "who", "content_tag": "says", "user_tag": "human", "assistant_tag": "bot"}
      }
    }
    ```

    ```jsonl beside chats.jsonl times=20
    {"turns": [{"who": "human", "says": "Name colour @"}, {"who": "bot", "says": "Green"}]}
    ```

    ```json bad chats.tags.assistant_tag name=dataset_info.json
    {
      "chats": {
        "file_name": "chats.jsonl",
        "formatting": "sharegpt",
        "columns": {"messages": "turns"},
        "tags": {"role_tag": "who", "content_tag": "says", "user_tag": "human", "assistant_tag": "gpt"}
      }
    }
    ```

    ```json bad chats.tags name=dataset_info.json
    {
      "chats": {"hf_hub_url": "org/chats", "formatting": "sharegpt", "tags": {"user_tag": "user", "assistant_tag": "assistant"}}
    }
    ```

    ```json bad chats.format name=dataset_info.json
    {
      "chats": {"hf_hub_url": "org/chats", "format": "sharegpt", "columns": {"messages": "messages"}}
    }
    ```

    ```json fixed
    {
      "chats": {"hf_hub_url": "org/chats", "formatting": "sharegpt", "columns": {"messages": "messages"}}
    }
    ```

    ```jsonl beside train.jsonl times=20
    {"instruction": "Name colour @", "output": "Colour @ is green"}
    ```

    ```json bad mine.file_name name=dataset_info.json
    {
      "mine": {"file_name": "train.jsonl"}
    }
    ```

    ```json beside train.txt
    [{"instruction": "Name a colour", "input": "", "output": "Green"}]
    ```

    ```json bad mine.file_name name=dataset_info.json
    {
      "mine": {"file_name": "train.txt"}
    }
    ```

    Sources: LLaMA-Factory 0.9.5, data/parser.py (`DatasetAttr.join`), data/converter.py, extras/constants.py and data/README.md.
    """

    code = "FMT011"
    name = "dataset-info"
    severity = Severity.ERROR
    trainers = frozenset({"dataset-info"})
    fix = "safe"

    def check(self, link: Link) -> Iterator[Finding]:
        """Yield what is wrong with the entries, one after the other."""
        registry = link.config.get(())
        if not isinstance(registry, dict):
            return
        for name, entry in registry.items():
            if isinstance(entry, dict):
                yield from self._entry(name, entry)
        yield from self._files(link, registry)

    def _entry(self, name: str, entry: dict[str, Any]) -> Iterator[Finding]:
        unknown = list(self._names((name,), entry, KEYS, "an entry"))
        yield from unknown
        if "formatting" not in entry and any("'formatting'" in one.message for one in unknown):
            return  # all else would follow from that
        columns, tags = entry.get("columns"), entry.get("tags")
        if isinstance(tags, dict):
            yield from self._names((name, "tags"), tags, _TAGS, "tags")
        formatting = entry.get("formatting", "alpaca")
        if formatting not in _FORMATTINGS:
            near = [one for one in _FORMATTINGS if within(str(formatting).casefold(), one, 2)]
            fix = Fix(f"write {near[0]}", "safe", (Edit("replace", (name, "formatting"), near[0]),)) if near else None
            yield self.finding(
                f"formatting is {formatting!r}, and there are {', '.join(_FORMATTINGS)}"[:120],
                Place((name, "formatting")),
                help="LLaMA-Factory knows no other formatting",
                fix=fix,
            )
            return
        if isinstance(columns, dict):
            wrong = list(self._names((name, "columns"), columns, _COLUMNS, "columns"))
            yield from wrong or self._needed(name, entry, columns, formatting)
        fault = tag_fault(entry)
        if fault is not None:
            yield self._said(name, fault)

    def _names(self, at: Path, members: dict[str, Any], known: frozenset[str], where: str) -> Iterator[Finding]:
        for key in members:
            if key in known:
                continue
            near = sorted(one for one in known if _is_near(key.casefold(), one) and one not in members)
            if at[-1] == "columns" and _MEANT.get(key, key) in known - members.keys():
                near = [_MEANT[key]]
            fix = (
                Fix(f"rename {key!r} to {near[0]!r}", "safe", (Edit("rename", (*at, key), near[0]),)) if len(near) == 1 else None
            )
            meant = f"; {near[0]!r} is probably meant" if len(near) == 1 else ""
            yield self.finding(
                f"{where} of dataset_info.json has no key {key!r}{meant}"[:120],
                Place((*at, key), "key"),
                severity=Severity.ERROR if near or at[-1] == "columns" else Severity.WARNING,
                help="LLaMA-Factory ignores it without a word",
                fix=fix,
            )

    def _needed(self, name: str, entry: dict[str, Any], columns: dict[str, Any], formatting: str) -> Iterator[Finding]:
        """Yield the columns that an entry drops by naming others."""
        place = Place((name, "columns"), "key")
        wanted = "prompt" if formatting == "alpaca" else "messages"
        if columns and wanted not in columns:
            yield self.finding(
                f"columns names others and not {wanted!r}, so that {_DEFAULTS[wanted]!r} is not read any more"[:120],
                place,
                help=f'an entry with columns has no default columns: add "{wanted}": "{_DEFAULTS[wanted]}"',
            )
        elif entry.get("ranking") is True and columns and not {"chosen", "rejected"} <= columns.keys():
            lacking = " and ".join(repr(one) for one in ("chosen", "rejected") if one not in columns)
            yield self.finding(
                f"ranking is on, and columns has no {lacking}",
                place,
                help="an entry with ranking wants the columns of the chosen and of the rejected answer",
            )
        elif not entry.get("ranking") and {"chosen", "rejected"} <= columns.keys():
            yield self.finding(
                "columns names chosen and rejected, and ranking is not on",
                place,
                help='add "ranking": true, or the pairs are not read as pairs',
            )

    def _files(self, link: Link, registry: dict[str, Any]) -> Iterator[Finding]:
        """Yield files that are not there, and columns that their records do not have.

        A registry that lies without any of its files, and is called something else, is a copy: nothing is missing.
        """
        some = any(one.state == "found" for one in link.train)
        real = link.config.name.replace("\\", "/").rpartition("/")[2] == "dataset_info.json"
        for one in link.train:
            name = str(one.ref.at[0])
            if one.state == "missing" and (some or real) and any(other.state != "elsewhere" for other in link.train):
                yield self.finding(
                    f"there is no file {one.ref.name!r} beside dataset_info.json"[:120],
                    Place(one.ref.at),
                    help="a path is read from the folder of dataset_info.json",
                )
                continue
            entry = registry[name]
            folder = not any(file.endswith(one.ref.name.rpartition("/")[2]) for file in one.files)
            fault = file_fault(entry) if not folder else None
            if fault is not None:
                yield self._said(name, fault)
            elif one.summary is not None and KEYS.issuperset(entry) and entry.get("formatting", "alpaca") in _FORMATTINGS:
                yield from self._records(name, entry, one.summary)

    def _records(self, name: str, entry: dict[str, Any], summary: DatasetSummary) -> Iterator[Finding]:
        faults = list(record_faults(entry, summary.columns, summary.samples))
        yield from (self._said(name, fault) for fault in faults)
        columns = entry.get("columns")
        named = columns if isinstance(columns, dict) else {}
        plain = entry.get("formatting", "alpaca") == "alpaca" and not entry.get("ranking") and not faults
        if plain and "prompt" in named and "response" not in named and "output" in summary.columns:
            yield self.finding(
                "columns names the prompt only, so that the column 'output' is not read any more",
                Place((name, "columns"), "key"),
                help='an entry with columns has no default columns: add "response": "output"',
            )

    def _said(self, name: str, fault: Fault) -> Finding:
        place = Place((name, *fault.at), "key" if fault.at == ("tags",) else "value")
        return self.finding(fault.message[:120], place, severity=fault.severity, help=fault.help[:200])


def _is_near(key: str, known: str) -> bool:
    """Tell whether a key is a misspelt one, or the beginning of one such as `format`."""
    return within(key, known, 2 if len(key) > 5 else 1) or (len(key) > 5 and known.startswith(key))
