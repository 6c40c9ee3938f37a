"""What a rule is. A rule is a pure function of data: no I/O, no clock, no randomness, no state between calls."""

import enum
import inspect
from array import array
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

import msgspec

from tunelint.core.bag import Bag
from tunelint.core.example import SEPARATOR, Method
from tunelint.core.finding import Finding, Fix, Handle, Place, Related, Severity
from tunelint.core.record import Record
from tunelint.rules.context import Context, Refusal, in_words
from tunelint.rules.groups import DISTINCT, Group, Groups, Member, Pair, Rows
from tunelint.rules.links import Link, LinkedDataset
from tunelint.text.parse import Path
from tunelint.trainers.base import Config, Conflict

if TYPE_CHECKING:
    from tunelint.advice.verdict import Verdict

__all__ = [
    "DISTINCT",
    "AdviceRule",
    "ConfigRule",
    "Context",
    "Group",
    "GroupRule",
    "Groups",
    "Link",
    "LinkedDataset",
    "Member",
    "Options",
    "Pair",
    "ProjectRule",
    "RecordRule",
    "Refusal",
    "RoleFault",
    "RoleRule",
    "Rows",
    "Rule",
    "Sought",
    "TallyRule",
    "Trigger",
    "Wake",
    "in_words",
    "role_path",
]


class Sought(NamedTuple):
    """A pattern as a trigger, and `pieces` of two or three bytes, one of which stands in or around every match."""

    pattern: bytes
    pieces: tuple[bytes, ...]


Trigger = str | bytes | Sought
"""Literal characters as a reader sees them or, in bytes, a pattern over JSON text in UTF-8 that begins with a byte of its own."""


class Wake(enum.IntFlag):
    """What makes the engine show a record to a rule. A clean record of plain shape has none of these and is never shown."""

    UNREADABLE = 1
    """Not UTF-8, not JSON, not an object, or readers would disagree on it: duplicate keys, NaN, lone surrogates."""
    FAULTY = 2
    """It departs from the shape of its format."""
    RICH = 4
    """It has the shape of its format, but more than the plainest: optional keys, lists of parts."""
    ROLES = 8
    """A rule about roles has something to say about this sequence of speakers."""
    TOOLS = 16
    """It declares or calls tools, or holds a tool's answer."""
    MEDIA = 32
    """It holds images, videos or sounds."""
    BLANK = 64
    """A text that should say something is empty or white space."""
    TRIGGER = 128
    """One of the rule's own `triggers` stands in the raw text."""
    OVERSIZED = 512
    """Longer than any record that is read."""
    LONG = 1024
    """Longer than the training limit in tokens."""
    OTHER = 2048
    """An object of no known format."""
    SINGLE = 4096
    """A conversation of one turn."""
    ALWAYS = 256
    """Every record. Costs time on clean data: the rule's docstring says why it must be so."""


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule's settings, under ``[rules.CODE]`` of the settings file; every field has a default and a description."""


class Rule:
    """What all kinds of rule have. A subclass is one module of `tunelint.rules` and is found there by itself.

    Its docstring is the rule's page: the first line is the title, the rest is Markdown whose fenced examples are tests.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    severity: ClassVar[Severity]
    """The usual severity; a finding may carry another one."""
    since: ClassVar[str] = "0.1"
    recommended: ClassVar[bool] = True
    """Whether the rule is on without being asked for."""
    fix: ClassVar[Literal["", "safe", "unsafe", "either"]] = ""
    """What its fixes are, if it has any."""
    settings: ClassVar[type[Options]] = Options
    """What can be set for the rule; an instance is its `options`."""
    shown: ClassVar[int] = 25
    """How many findings of a file are shown one by one before the rest is folded into one."""
    needs_tokens: ClassVar[bool] = False
    formats: ClassVar[frozenset[str] | None] = None
    """Names of the only formats the rule is about."""
    methods: ClassVar[frozenset[Method] | None] = None
    """The only methods the rule is about."""

    def __init__(self, options: Options | None = None) -> None:
        self.options: Any = options if options is not None else self.settings()

    def applies(self, context: Context) -> bool:
        """Tell whether the rule has anything to do in a file."""
        if self.formats is not None and (context.format is None or context.format.name not in self.formats):
            return False
        return self.methods is None or context.method in self.methods

    def finding(
        self,
        message: str,
        place: Place | Path = (),
        *,
        handle: Handle | None = None,
        severity: Severity | None = None,
        help: str = "",  # noqa: A002  the reader's word for it
        fix: Fix | None = None,
        related: Iterable[Related] = (),
        evidence: dict[str, Any] | None = None,
        count: int = 1,
    ) -> Finding:
        """Make a finding of this rule. A path stands for the value there."""
        return Finding(
            code=self.code,
            severity=severity or self.severity,
            message=message,
            help=help,
            place=place if isinstance(place, Place) else Place(place),
            handle=handle,
            related=tuple(related),
            fix=fix,
            evidence=evidence,
            count=count,
        )

    def anchor(self, record: Record) -> Place:
        """Return where a finding of this rule sits in a record, when the finding does not say."""
        return Place()

    @classmethod
    def page(cls) -> str:
        """Return the docstring without its indentation."""
        return inspect.cleandoc(cls.__doc__ or "")


class RecordRule(Rule):
    """A rule that needs one record at a time.

    `wakes` says which records it must see, `triggers` which pieces of text could make it fire: literal characters as a reader
    sees them (the engine knows how JSON may spell them), or patterns. `unless` names codes that, found on the same record, make
    this rule's findings there mere consequences. `stage` orders rules: one that reads the shape runs only on records whose shape
    stands.
    """

    wakes: ClassVar[Wake] = Wake.ALWAYS
    triggers: ClassVar[tuple[Trigger, ...]] = ()
    unless: ClassVar[frozenset[str]] = frozenset()
    early: ClassVar[bool] = False
    """Whether the rule runs before the others of its family, because they are its consequences."""
    stage: ClassVar[Literal["line", "shape", "meaning"]] = "meaning"
    """`line` sees every woken record, `shape` those that are JSON objects, `meaning` those with an example."""

    def triggers_for(self, context: Context) -> tuple[Trigger, ...]:
        """Return the triggers in a file; most rules have the same everywhere."""
        return self.triggers

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield the findings of one record; they need no handle."""
        raise NotImplementedError


class RoleFault(msgspec.Struct, frozen=True, gc=False):
    """A fault of a sequence of speakers, at the turn of that index."""

    index: int
    message: str
    severity: Severity
    help: str = ""
    suggestion: str = ""


class RoleRule(RecordRule):
    """A rule that depends on nothing but who speaks after whom. The engine asks once for each sequence of speakers."""

    wakes = Wake.ROLES

    def find(self, speakers: tuple[str, ...], context: Context) -> Iterator[RoleFault]:
        """Yield the faults of the speakers as written; `core.example.SEPARATOR` stands between prompt and answers."""
        raise NotImplementedError

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Turn the faults of this record's speakers into findings."""
        example = record.example
        assert example is not None
        speakers = example.speakers
        for fault in self.find(speakers, context):
            turn = example.all_turns[fault.index - speakers[: fault.index].count(SEPARATOR)]
            yield self.finding(
                fault.message,
                self.place(record, turn.at),
                severity=fault.severity,
                help=fault.help,
                fix=self.mend(record, turn.at, fault),
            )

    def place(self, record: Record, at: Path) -> Place:
        """Return where a fault of the turn `at` is shown: on its role, whatever the format calls that."""
        return Place(role_path(record, at))

    def mend(self, record: Record, at: Path, fault: RoleFault) -> Fix | None:
        """Return a fix of the fault at the turn `at`, if there is one."""
        return None


def role_path(record: Record, at: Path) -> Path:
    """Return where the role of the turn `at` is written."""
    return next(((*at, key) for key in ("role", "from") if record.parsed.find((*at, key)) is not None), at)


class TallyRule(Rule):
    """A rule that counts something small over the file. The counts do not depend on order, so a file may be read in parts.

    A rule that only looks at the facts of the file leaves `observe` alone. On files read once from start to end a rule is not
    asked any more once its bag is overflown.
    """

    limit: ClassVar[int] = 1_000
    """With more different items than this the bag is overflown: what is counted is no small set."""
    replaces: ClassVar[frozenset[str]] = frozenset()
    """Codes whose findings in a file are mere consequences of this rule's, and are dropped when it has one."""
    kinds: ClassVar[tuple[str, ...]] = ()
    """With kinds, items are tuples that begin with theirs, and the limit holds for each kind."""
    wakes: ClassVar[Wake] = Wake.ALWAYS
    """Which records are observed; for the rest the rule knows from `FileFacts.records` how many there are."""
    triggers: ClassVar[tuple[Trigger, ...]] = ()
    stage: ClassVar[Literal["line", "shape", "meaning"]] = "meaning"

    def observe(self, record: Record, context: Context) -> Hashable:
        """Return the small thing to count of a record, or None for nothing."""
        return None

    def observe_many(self, records: Sequence[Record], context: Context) -> Sequence[tuple[Hashable, Handle]]:
        """Observe many records; a rule that sees every record may do it faster than one by one."""
        pairs = ((self.observe(record, context), record.handle) for record in records)
        return [pair for pair in pairs if pair[0] is not None]

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield findings of the whole file; a handle puts one on a record."""
        raise NotImplementedError


class GroupRule(Rule):
    """A rule that compares records that share a key. Keys and items are unsigned 64-bit numbers, mostly hashes."""

    width: ClassVar[int] = 1
    """How many keys a record has at most."""
    uses_common: ClassVar[bool] = False
    """Whether the rule reads `Context.common_shingles`."""
    keeps_item: ClassVar[bool] = False
    """Whether an item is kept beside each record's keys."""
    slow: ClassVar[bool] = False
    """Whether the report may take seconds: in an editor it is made with the advice, in the background."""
    stage: ClassVar[Literal["shape", "meaning"]] = "meaning"

    def keys(self, record: Record, context: Context) -> tuple[int, ...]:
        """Return the keys of a record, none of them 0; an empty tuple when it takes no part."""
        raise NotImplementedError

    def item(self, record: Record, context: Context) -> int:
        """Return the number to keep of a record."""
        return 0

    def rows(self, records: Sequence[Record], context: Context) -> Rows:
        """Return the keys and items of those records that take part; a rule may do it faster than one by one."""
        handles: list[Handle] = []
        found = Rows(handles, array("Q"), array("Q"))
        for record in records:
            keys = self.keys(record, context)
            if keys:
                handles.append(record.handle)
                found.keys.extend(keys)
                found.keys.extend([0] * (self.width - len(keys)))
                found.items.append(self.item(record, context) if self.keeps_item else 0)
        return found

    def report(self, groups: Groups, context: Context) -> Iterator[Finding]:
        """Yield the findings of all groups of two or more records."""
        raise NotImplementedError


class ConfigRule(Rule):
    """A rule that needs one training config: its keys, the tool that it is for, and its canonical plan.

    A place is a path of keys in the config; a path that is not there stands for the mapping that lacks it. Findings in a part of
    the text that could not be read are dropped, as are those on a key that a rule of the family CFG has a word for already.
    """

    trainers: ClassVar[frozenset[str] | None] = None
    """Names of the only trainers the rule is about."""

    def concerns(self, config: Config) -> bool:
        """Tell whether the rule has anything to do in a config."""
        return self.trainers is None or config.trainer.name in self.trainers

    def check(self, config: Config) -> Iterator[Finding]:
        """Yield the findings of a config."""
        raise NotImplementedError

    def conflicts(self, config: Config) -> Iterator[Finding]:
        """Yield the tool's own checks that belong to this rule."""
        for one in config.conflicts:
            if one.code == self.code:
                yield self.said(one)

    def said(self, one: Conflict) -> Finding:
        """Return the finding of a check of the tool's own."""
        return self.finding(one.message, Place(one.at, "key"), severity=one.severity, help=one.help, fix=one.fix)


class AdviceRule(Rule):
    """A rule about the verdict on a whole file: whether to fine-tune on it at all.

    The verdict is computed once a file, from a sample that does not depend on how the file was read, after all records were
    seen. Every rule of this kind is shown the same one, and of them at most one speaks, so that no verdict is said twice.
    """

    methods = frozenset({"sft", "preference", "kto"})

    def report(self, verdict: "Verdict", context: Context) -> Iterator[Finding]:
        """Yield what the verdict comes to for the user; findings of this kind sit on the file."""
        raise NotImplementedError


class ProjectRule(Rule):
    """A rule that needs a config together with what was found of its datasets. It is asked about every config, data or not."""

    trainers: ClassVar[frozenset[str] | None] = None
    needs_lengths: ClassVar[bool] = False
    """Whether the rule reads the lengths of the datasets, which have to be counted for it."""

    def concerns(self, config: Config) -> bool:
        """Tell whether the rule has anything to do in a config."""
        return self.trainers is None or config.trainer.name in self.trainers

    def check(self, link: Link) -> Iterator[Finding]:
        """Yield the findings of a config with its datasets; places are in the config."""
        raise NotImplementedError
