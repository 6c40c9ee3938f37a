"""Which format a file is in, from the records at its head, and how sure that is."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from tunelint.core.example import Method
from tunelint.formats import Format, all_formats
from tunelint.formats.base import Target
from tunelint.formats.exchanges import Exchange, exchange_of
from tunelint.formats.shape import MISFITS, closest, may_be, nearest_row

__all__ = ["SAMPLE", "Detection", "detect", "fit", "is_registry", "other_format"]

SAMPLE: Final = 200
"""Records at the head of a file that decide its format."""

_ACCEPTED: Final = 0.5
"""Least mean fit of a format. Records with every required key, one of them misspelt, reach it; those that lack a key do not."""

_UNKNOWN_KEYS_ONLY: Final = 0.9
_RIGHT_KEYS: Final = 0.75
_NOBODY_SPEAKS: Final = 0.4
_MISSPELT: Final = 0.8
_NEAR: Final = 0.6
"""Share of the required keys of a format that a record of none must have before it is called near to it."""
_PREFERRED: Final = 0.15
"""What it counts that the target takes the format, or that it has the method that was asked for."""

_COLUMN_SHARE: Final = 0.9
_SPEAKERS: Final = frozenset({"author", "from", "name", "party", "sender", "speaker", "user"})
"""Names under which chat logs say who speaks."""
_SYNONYMS: Final = {
    "prompt": {"question", "query", "input", "request", "problem", "instruction", "text_input", "user"},
    "completion": {"answer", "response", "output", "reply", "solution", "target", "assistant", "chosen", "ideal", "generation"},
}


class Detection(NamedTuple):
    """The format of a file; None where no known one fits, with the nearest one's title and what the records lack for it.

    `confidence` is the share of the sampled records that the format fits best, `columns` the keys that nearly all have.
    """

    format: Format | None
    confidence: float
    nearest: tuple[str, str] | None = None
    columns: frozenset[str] = frozenset()
    readable: bool = True
    """Whether any of the records is an object."""
    registry: bool = False
    """Whether the file lists datasets and is none itself."""
    exchange: Exchange | None = None
    """What the records are where they are requests to a model or answers of one, and no examples."""


def detect(values: Iterable[Any], target: Target | None = None, method: Method | None = None) -> Detection:
    """Return the format that fits the decoded records `values` best; a target or method tips the scales between near ones."""
    sample = [value for value in values if isinstance(value, dict) and value][:SAMPLE]
    if not sample:
        return Detection(None, 0.0, readable=False)
    candidates = [one for one in all_formats().values() if _allowed(one, target)]
    shapes: dict[frozenset[str], list[Format]] = {}
    scores = dict.fromkeys((one.name for one in candidates), 0.0)
    best_of: dict[str, int] = {}
    for value in sample:
        keys = frozenset(value)
        near = shapes.get(keys)
        if near is None:
            near = shapes[keys] = [one for one in candidates if _near(keys, one)]
        fits = {one.name: fit(value, one) for one in near}
        for name, score in fits.items():
            scores[name] += score
        if fits:
            best = max(fits, key=lambda name: fits[name])
            best_of[best] = best_of.get(best, 0) + 1
    mean = {name: score / len(sample) for name, score in scores.items()}
    liked = {one.name for one in candidates if _preferred(one, target, method)}
    ranked = sorted(mean, key=lambda name: (-(mean[name] + (_PREFERRED if name in liked else 0.0)), name))
    columns = _columns(sample)
    winner = ranked[0]
    if mean[winner] < _ACCEPTED:
        nearest = _nearest(sample[0], candidates)
        if target is None:
            nearest = _with_owner(nearest, sample)
        return Detection(None, 0.0, nearest, columns, registry=is_registry(sample[0]), exchange=exchange_of(sample))
    chosen = all_formats()[winner]
    return Detection(chosen, best_of.get(winner, 0) / len(sample), None, columns)


def _allowed(one: Format, target: Target | None) -> bool:
    return not one.only_for or (target is not None and target.name in one.only_for)


def _with_owner(nearest: tuple[str, str] | None, sample: Sequence[dict[str, Any]]) -> tuple[str, str] | None:
    """Add the target that alone reads the records as they are, where there is one."""
    for one in all_formats().values():
        if one.only_for and all(fit(value, one) >= _OTHER_FITS for value in sample):
            owner = min(one.only_for)
            title, lacking = nearest or (one.title, "")
            return title, f"{lacking}, or " * bool(lacking) + f"--target {owner}, which alone reads these columns"
    return nearest


def _preferred(one: Format, target: Target | None, method: Method | None) -> bool:
    return (target is not None and one.name in target.dialects) or (method is not None and one.method == method)


def _columns(sample: Sequence[dict[str, Any]]) -> frozenset[str]:
    counts: dict[str, int] = {}
    for value in sample:
        for key in value:
            counts[key] = counts.get(key, 0) + 1
    return frozenset(key for key, count in counts.items() if count >= _COLUMN_SHARE * len(sample))


def _near(keys: Collection[str], one: Format) -> bool:
    folded = {key.casefold() for key in keys}
    return any(any(key.casefold() in folded or closest(key, keys) for key in required) for required in one.required)


def fit(value: dict[str, Any], one: Format) -> float:
    """Return how well a record fits a format, 0 to 1: 1 for its exact shape, 0 for no required key."""
    for row in one.rows:
        try:
            msgspec.convert(value, row)
        except MISFITS:
            continue
        return one.suits(value)
    for row in one.rows:
        known = set(row.__struct_encode_fields__)
        if known.issuperset(value):
            continue
        try:
            msgspec.convert({key: item for key, item in value.items() if key in known}, row)
        except MISFITS:
            continue
        return _UNKNOWN_KEYS_ONLY * one.suits(value)
    return _best_key_fit(value, one) * (_RIGHT_KEYS if not _nobody_speaks(value) else _NOBODY_SPEAKS) * one.suits(value)


_OTHER_FITS: Final = 0.85
"""How well a record must fit another format to be taken for one of it: all required keys and types, at most unknown keys."""


_REGISTRY_KEYS: Final = frozenset({"file_name", "hf_hub_url", "ms_hub_url", "om_hub_url", "script_url", "cloud_file_name"})


def is_registry(value: Any) -> bool:
    """Tell whether a value is a list of datasets, as LLaMA-Factory's and ms-swift's ``dataset_info.json`` are, and no record."""
    if not isinstance(value, dict) or not value:
        return False
    if value.keys() & {"ms_dataset_id", "hf_dataset_id", "dataset_path"} and "messages" not in value:
        return True
    return all(isinstance(one, dict) and one.keys() & _REGISTRY_KEYS for one in value.values())


def other_format(value: dict[str, Any], form: Format) -> Format | None:
    """Return the format of a record that has the required keys of another format and not those of `form`.

    Where two formats require the same key, such as `messages`, the record is of the one whose shape it has exactly.
    """
    keys = value.keys()
    own = [required for required in form.required if required <= keys]
    for other in all_formats().values():
        if other is form or other.only_for or not any(required <= keys for required in other.required):
            continue
        if own and not any(required in other.required for required in own):
            continue
        if fit(value, other) >= (1.0 if own else _OTHER_FITS):
            return other
    return None


def _best_key_fit(value: dict[str, Any], one: Format) -> float:
    return max(_key_fit(value, required, one.rows) for required in one.required)


def _key_fit(value: dict[str, Any], required: Collection[str], rows: Sequence[type[msgspec.Struct]]) -> float:
    """Return the share of the required keys that are there; a misspelt one counts for less, and stands for one key only."""
    if not required:
        return 0.0
    others = [key for key in value if key not in required]
    found = 0.0
    for key in required:
        if key in value:
            found += 1.0
            continue
        name = _misspelt(key, others, value, required, rows)
        if name is not None:
            others.remove(name)
            found += _MISSPELT
    return found / len(required)


def _misspelt(
    key: str, others: Sequence[str], value: dict[str, Any], required: Collection[str], rows: Sequence[type[msgspec.Struct]]
) -> str | None:
    """Return the name under which a required key is there misspelt, None where it is not.

    A word that is like another one proves nothing by itself: `intent` is no `content`. What it holds has to fit, and where that
    is a mere string and the only key that a format needs, either it differs by its case alone or nothing else is there.
    """
    name = closest(key, others) if others else None
    if name is None or not any(may_be(value[name], row, key) for row in rows):
        return None
    if name.strip().casefold() == key:
        return name
    proof = value[name] if isinstance(value[name], list | dict) else len(required) > 1 or len(value) == 1
    return name if proof else None


def _are_messages(value: Any) -> bool:
    """Tell whether a value is a list of turns, with or without who speaks."""
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) and "content" in one for one in value)


def _nobody_speaks(value: dict[str, Any]) -> bool:
    """Tell whether messages do not say who speaks under any name like `role`: logs of chats are no training data."""
    messages = value.get("messages")
    return _are_messages(messages) and not any("role" in one or closest("role", one) for one in messages or ())


def _lacking_role(message: dict[str, Any]) -> str:
    """Say what messages lack that do not say who speaks; in the words for what a record lacks."""
    speakers = [key for key, item in message.items() if isinstance(item, str) and key in _SPEAKERS]
    return f"{speakers[0]!r} named 'role' in each message" if speakers else "a 'role' in each message"


def _nearest(value: dict[str, Any], candidates: Sequence[Format]) -> tuple[str, str] | None:
    """Return the title of the format that a record is nearest to, and what it lacks, in words."""
    strings = [key for key, item in value.items() if isinstance(item, str)]
    named = {
        key: next((name for name in strings if name.casefold() in {key, *others}), None) for key, others in _SYNONYMS.items()
    }
    if all(named.values()):
        return "prompt/completion", " and ".join(f"{name!r} named {key!r}" for key, name in named.items() if name != key)
    chat = next((key for key, item in value.items() if _are_messages(item)), None)
    if chat is not None:
        return "OpenAI chat", f"{chat!r} named 'messages'" if chat != "messages" else _lacking_role(value["messages"][0])
    ranked = sorted(candidates, key=lambda one: -_best_key_fit(value, one))
    best = ranked[0]
    if _best_key_fit(value, best) < _NEAR:
        return None
    row, faults = nearest_row(value, best.rows)
    lacking = [fault.key for fault in faults if fault.kind == "missing-key" and not fault.path]
    if lacking:
        return best.title, " and ".join(map(repr, lacking))
    if all(fault.kind == "unknown-key" for fault in faults):
        return best.title, f"no keys beside {' and '.join(repr(key) for key in value if key in row.__struct_encode_fields__)}"
    return best.title, "values of other types"
