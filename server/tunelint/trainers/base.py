"""What a trainer is to TuneLint, and what a rule can ask of a config."""

import functools
import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from tunelint.core.finding import Fix, Severity
from tunelint.core.plan import DatasetRef, TrainingPlan
from tunelint.costs.use import Use
from tunelint.text.parse import Path
from tunelint.text.tree import ABSENT, Entry, Loader, Syntax, Tree

if TYPE_CHECKING:
    from tunelint.trainers.keys import Key, KeyTable

__all__ = [
    "Config",
    "Conflict",
    "Draft",
    "Member",
    "Required",
    "Trainer",
    "count_keys",
    "dotted",
    "has_mapping",
    "to_flag",
    "to_number",
    "to_path",
]

_TRUE: Final = frozenset({"true", "yes", "on", "1", "y", "t"})
_FALSE: Final = frozenset({"false", "no", "off", "0", "n", "f"})


class Conflict(NamedTuple):
    """Keys that a tool does not take together, as it says itself, or would if it looked.

    `code` is the rule that the fault belongs to: each is said by one rule only. `at` is the key that is to be changed, `also`
    are the others that take part.
    """

    code: str
    at: Path
    message: str
    help: str
    severity: Severity = Severity.ERROR
    also: tuple[Path, ...] = ()
    fix: Fix | None = None


class Required(NamedTuple):
    """A key that the tool does not start without: one of `keys`, in the mapping at `within` where that is said."""

    keys: tuple[str, ...]
    why: str
    within: str = ""
    unless: tuple[str, ...] = ()
    """Keys at the top whose presence makes the required one unneeded, or unknowable."""


class Trainer(msgspec.Struct, frozen=True, kw_only=True):
    """A tool that reads configs, or a service that takes them as the body of a request.

    `detect` says how surely a config is one of this tool: 0 for not at all, else about the number of keys that only it has.
    `table` names its key table, none where nothing is known of its keys.
    """

    name: str
    title: str
    detect: Callable[[Tree], float]
    plan: Callable[["Config"], TrainingPlan]
    syntaxes: frozenset[Syntax] = frozenset({"yaml", "json"})
    loader: Loader = "pyyaml"
    table: str = ""
    version: str = ""
    required: tuple[Required, ...] = ()
    conflicts: Callable[["Config"], Iterable[Conflict]] | None = None
    refuses_repeated_keys: bool = False
    checks_types: bool = False
    """Whether the tool checks the type of each value before it does anything else, as pydantic does."""
    refused_keys: frozenset[str] = frozenset()
    """Keys that were removed and are refused, by a tool that drops others in silence."""
    drops_near_misses_only: bool = False
    """Whether the tool reads what it likes of a config, so that only a key that is nearly a known one is worth a word."""

    open_keys: Callable[["Config"], bool] | None = None
    """Tells whether a config may hold keys that nobody can know: those of plugins, or of a script of one's own."""


class Member(NamedTuple):
    """A key of a config with its value, and what the tool's table says of it: nothing where it has none."""

    path: Path
    entry: Entry
    key: "Key | None"
    known: bool
    """Whether the tool knows the key, or takes any in its place. True where nothing is known of the tool's keys."""


class Config:
    """One training config: its tree, the tool that it is for, and its canonical plan.

    Keys are asked for with dots between the levels: ``get("trl.beta")``. `get` decodes by the rules of the tool's loader.
    """

    def __init__(self, name: str, tree: Tree, trainer: Trainer) -> None:
        self.name = name
        self.tree = tree
        self.trainer = trainer
        self.loader: Loader = trainer.loader if tree.syntax == "yaml" else tree.syntax
        self.use = Use()
        """What the user says of costs and hardware."""
        self.today = ""
        """The day of the run as YYYY-MM-DD; empty where nothing may depend on it."""
        self.read: Callable[[str], str | None] | None = None
        """Reads a file that the config names, given by the front end; None where nobody can look."""
        self._values: dict[Path, Any] = {}

    @functools.cached_property
    def plan(self) -> TrainingPlan:
        """The config in canonical form."""
        return self.trainer.plan(self)

    @functools.cached_property
    def conflicts(self) -> tuple[Conflict, ...]:
        """What the tool itself refuses or warns of, checked by its own rules."""
        return self.own_checks()

    def own_checks(self) -> tuple[Conflict, ...]:
        """Run the tool's own checks."""
        found = self.trainer.conflicts
        return tuple(found(self)) if found is not None else ()

    @functools.cached_property
    def keys(self) -> "KeyTable | None":
        """The keys that the tool knows, None where they are not known."""
        from tunelint.trainers.keys import table  # 6 ms that a run without configs need not pay

        return table(self.trainer.table) if self.trainer.table else None

    @functools.cached_property
    def takes_any_key(self) -> bool:
        """Whether the config may hold keys that nobody can know."""
        return self.keys is None or (self.trainer.open_keys is not None and self.trainer.open_keys(self))

    @functools.cached_property
    def members(self) -> tuple[Member, ...]:
        """All keys of the config, at every depth, in the order of the text. Keys of equal meaning are looked up once."""
        found: list[Member] = []
        answers: dict[str, tuple[Key | None, bool]] = {}
        root = self.tree.root
        work: list[tuple[Path, str, Entry]] = [((), "", root)] if root is not None else []
        while work:
            path, name, entry = work.pop()
            if entry.key_start >= 0 and path:
                answer = answers.get(name)
                if answer is None:
                    answer = answers[name] = self._look_up(name)
                found.append(Member(path, entry, *answer))
            if isinstance(entry.children, dict):
                members = reversed(entry.children.items())
                work.extend(((*path, key), f"{name}.{key}" if name else key, child) for key, child in members)
            elif isinstance(entry.children, list):
                work.extend(
                    ((*path, index), f"{name}[]", entry.children[index]) for index in range(len(entry.children) - 1, -1, -1)
                )
        return tuple(found)

    def _look_up(self, name: str) -> "tuple[Key | None, bool]":
        if self.keys is None:
            return None, True
        return self.keys.find(name), self.keys.knows(name)

    def refuses_unknown(self, path: Path) -> bool:
        """Tell whether the tool refuses a key at a path that it does not know."""
        return self.keys is not None and self.keys.refuses(dotted(path))

    def key(self, path: Path) -> "Key | None":
        """Return what is known of the key at a path, also of one that is gone."""
        return self.keys.find(dotted(path)) if self.keys is not None else None

    def entry(self, key: str | Path) -> Entry | None:
        """Return the entry of a key, None where it is not there."""
        return self.tree.find(to_path(key))

    def has(self, *keys: str) -> bool:
        """Tell whether all of the keys are there, whatever their values."""
        return all(self.entry(key) is not None for key in keys)

    def get(self, key: str | Path, default: Any = None) -> Any:
        """Return the value of a key; the default where it is missing or null."""
        path = to_path(key)
        if path not in self._values:
            self._values[path] = self.tree.value(path, self.loader)  # a list of thousands of datasets is asked for often
        value = self._values[path]
        return default if value is ABSENT or value is None else value

    def said(self, *keys: str) -> bool:
        """Tell whether any of the keys is there with a value other than null."""
        return any(self.get(key) is not None for key in keys)

    def on(self, key: str) -> bool:
        """Tell whether a switch is on; whatever is no switch is off."""
        return to_flag(self.get(key)) is True

    def off(self, key: str) -> bool:
        """Tell whether a switch is there and off."""
        return to_flag(self.get(key)) is False

    def number(self, key: str) -> float | None:
        """Return a key's number, also one in a text; None for anything else."""
        return to_number(self.get(key))

    def text(self, key: str) -> str:
        """Return a key's text, empty where it is none."""
        value = self.get(key)
        return value if isinstance(value, str) else ""

    def items(self, key: str) -> list[tuple[Path, Any]]:
        """Return the items of a list with their paths; nothing where there is no list."""
        value, path = self.get(key), to_path(key)
        return [((*path, index), item) for index, item in enumerate(value)] if isinstance(value, list) else []

    def unreadable(self, path: Path) -> bool:
        """Tell whether a place lies in a part of the text that could not be read."""
        entry = self.tree.find(path)
        if entry is None:
            return False
        start = entry.key_start if entry.key_start >= 0 else entry.start
        return any(first <= start <= last or first <= entry.start <= last for first, last in self.tree.broken)


def dotted(path: Path) -> str:
    """Return the name of a path as the key tables write it: ``datasets[0].path``."""
    name = ""
    for step in path:
        name += f"[{step}]" if isinstance(step, int) else f".{step}" if name else step
    return name


def to_path(key: str | Path) -> Path:
    """Return the path of a dotted key."""
    return key if isinstance(key, tuple) else tuple(key.split("."))


def to_flag(value: Any) -> bool | None:
    """Return a switch, also one in the words that tools take for one; None for anything else."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        word = value.casefold()
        return True if word in _TRUE else False if word in _FALSE else None
    return bool(value) if isinstance(value, int) and value in {0, 1} else None


def to_number(value: Any) -> float | None:
    """Return a finite number, also one in a text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def count_keys(tree: Tree, keys: Iterable[str]) -> int:
    """Return how many of the keys stand at the top of a config."""
    there = tree.keys()
    return sum(key in there for key in keys)


def has_mapping(tree: Tree, key: str, *inner: str) -> bool:
    """Tell whether a key at the top is a mapping that has any of the inner keys, or anything if none is named."""
    entry = tree.keys().get(key)
    children = entry.children if entry is not None else None
    return isinstance(children, dict) and (not inner or any(name in children for name in inner))


_HUGE: Final = 1e15
"""Whole numbers above it are no settings."""

_NUMBERS: Final = frozenset(
    {
        "learning_rate", "rate_multiplier", "weight_decay", "max_grad_norm", "warmup_steps", "warmup_ratio", "epochs", "lora_alpha",
        "lora_dropout", "beta", "evaluation_share", "evaluation_steps", "save_steps",
    }
)  # fmt: skip
_WHOLE: Final = frozenset(
    {
        "bits", "max_steps", "micro_batch", "accumulation", "global_batch", "devices", "sequence_length", "lora_rank", "seed",
        "generations", "completion_length",
    }
)  # fmt: skip
_FLAGS: Final = frozenset(
    {
        "packing", "pads_to_length", "bf16", "fp16", "checkpointing", "activation_offload", "offload", "trained_tokens", "dora",
        "rslora", "trains_on_prompt", "load_best", "early_stopping", "streaming", "remote_code",
    }
)  # fmt: skip
_NAMES: Final = frozenset({"lora_targets", "modules_to_save", "added_tokens"})


class Draft:
    """A plan in the making: fields are taken from keys, converted, and remembered with their places."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.values: dict[str, Any] = {}
        self.at: dict[str, Path] = {}

    def take(self, field: str, *keys: str) -> None:
        """Set a field from the first of the keys that is said."""
        for key in keys:
            value = self.config.get(key)
            if value is not None:
                self.put(field, _convert(field, value), key)
                return

    def take_all(self, fields: Iterable[tuple[str, str]]) -> None:
        """Set many fields, each from one key."""
        for field, key in fields:
            if field not in self.at:
                self.take(field, key)

    def put(self, field: str, value: Any, *keys: str | Path) -> None:
        """Set a field to a value that follows from the first of the keys that is there."""
        for key in keys:
            if self.config.entry(key) is not None:
                self.at[field] = to_path(key)
                break
        if value is not None:
            self.values[field] = value

    def uploaded(self, training: str, evaluation: str) -> None:
        """Set the datasets of a hosted job, which are files that were uploaded before."""
        for field, key, role in (("datasets", training, "train"), ("evaluation_datasets", evaluation, "evaluation")):
            name = self.config.text(key)
            if name:
                one = DatasetRef(name=name, at=to_path(key), kind="hub", role="evaluation" if role == "evaluation" else "train")
                self.put(field, (one,), key)

    def get(self, field: str) -> Any:
        """Return what a field was set to, None where it was not."""
        return self.values.get(field)

    def finish(self, **defaults: Any) -> TrainingPlan:
        """Return the plan; `defaults` are the tool's own for fields of this plan."""
        if self.values.get("precision") is None and self.values.get("bf16"):
            self.values["precision"] = "bf16"
        elif self.values.get("precision") is None and self.values.get("fp16"):
            self.values["precision"] = "fp16"
        return TrainingPlan(**self.values, defaults=defaults, at=self.at)


def _convert(field: str, value: Any) -> Any:
    """Return a value in the type of a field, None where it is not of that kind."""
    if field in _NUMBERS:
        return to_number(value)
    if field in _WHOLE:
        number = to_number(value)
        return int(number) if number is not None and number.is_integer() and abs(number) < _HUGE else None
    if field in _FLAGS:
        return to_flag(value)
    if field in _NAMES:
        return names_of(value)
    return value if isinstance(value, str) else None


def names_of(value: Any) -> tuple[str, ...] | None:
    """Return the names in a list, or in a text with commas between them."""
    if isinstance(value, str):
        return tuple(name for name in (part.strip() for part in value.split(",")) if name)
    if isinstance(value, list):
        return tuple(str(one) for one in value)
    return None
