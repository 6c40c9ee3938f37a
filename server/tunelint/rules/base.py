"""What a rule is. A rule is a pure function of data: no I/O, no clock, no randomness, no state between calls."""

import enum
import inspect
from array import array
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, NamedTuple, Protocol

import msgspec

from tunelint.core.bag import Bag
from tunelint.core.dataset import DatasetSummary, FileFacts, TokenTotals
from tunelint.core.example import SEPARATOR, Method
from tunelint.core.finding import Finding, Fix, Handle, Place, Related, Severity
from tunelint.core.plan import DatasetRef
from tunelint.core.record import Record
from tunelint.core.reference import Reference
from tunelint.costs.use import Use
from tunelint.formats.base import Dialect, Format, Limits, MediaLimits, ModelLimits, Target
from tunelint.text.parse import Path
from tunelint.trainers.base import Config, Conflict

if TYPE_CHECKING:
    from tunelint.advice.measured import Measured
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
    "TallyRule",
    "Trigger",
    "Wake",
    "role_path",
]


Trigger = str | bytes
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


class Refusal(NamedTuple):
    """Who refuses something, and how bad that makes it."""

    severity: Severity
    by: str
    """Names in words: "OpenAI", "OpenAI, Together and 3 others", "every consumer of this format"."""

    def says(self, verb: str) -> str:
        """Return the names with a verb: "OpenAI refuses", "OpenAI and Together refuse"."""
        return f"{self.by} {verb if ' and ' in self.by else verb + 's'}"


def _go_on() -> None:
    """Let the work go on."""


class Context(msgspec.Struct):
    """What is known about the file that a record stands in. Rules read it and never change it.

    `format` is None when no known format fits. `dialects` are those of the chosen target only or, with no target, of every
    consumer of the format. `limit` is the training limit in tokens of one example, None when nothing sets one.
    """

    file: FileFacts
    format: Format | None
    confidence: float
    method: Method | None
    target: Target | None = None
    model: str = ""
    dialects: tuple[tuple[Target, Dialect], ...] = ()
    limit: int | None = None
    encoding: str = "o200k_base"
    nearest: tuple[str, str] | None = None
    """With no format: the title of the nearest one, and what the records lack for it."""
    columns: frozenset[str] = frozenset()
    """Keys that nearly every record of the head of the file has."""
    readable: bool = True
    """Whether any record of the head is a JSON object."""
    registry: bool = False
    """Whether the file lists datasets and is none itself."""
    tokens: TokenTotals | None = None
    """For reports only: the totals of the whole file."""
    common_shingles: frozenset[int] = frozenset()
    """Hashes of token sequences that so many records share that they are a template and no content."""
    grader_fields: frozenset[str] | None = None
    """The record fields that the user's grader reads, None when no grader is given."""
    named_model: bool = False
    """Whether the user named the model; else `model` is the target's default one."""
    use: Use = Use()
    """What the user says of costs: how the model is called, what hours cost, which GPUs there are."""
    today: str = ""
    """The day of the run as YYYY-MM-DD, given by the front end; empty where nothing may depend on it."""
    references: tuple[Reference, ...] = ()
    """Other files to compare with: the validation or training file that belongs to this one, evaluations."""
    exists: Callable[[str], bool] | None = None
    """Tells whether a path, relative to the dataset, is there; given by the front end, None where nobody can look."""
    read: Callable[[str], str | None] | None = None
    """For the engine only: returns the text of a small file beside the dataset, None where there is none."""
    measured: "Measured | None" = None
    """For rules about the verdict: what a prompt scored when it was measured on these very records."""
    fetch: Callable[[Iterable[Handle]], dict[Handle, Record]] | None = None
    """For reports of group rules: reads records again, to compare what keys alone cannot prove."""
    pulse: Callable[[], None] = _go_on
    """For reports that take long: called between short steps of work, it may raise to give up what nobody waits for any more."""

    @property
    def consumer(self) -> str:
        """Name whoever the data is checked for, for messages."""
        if self.target is None:
            return "any consumer"
        return f"{self.target.title} ({self.model})" if self.model else self.target.title

    @property
    def model_limits(self) -> ModelLimits | None:
        """The limits of the target's model; None without a target or for an unknown model."""
        return self.target.model(self.model) if self.target is not None else None

    @property
    def limits(self) -> Limits:
        """How many examples and bytes the target takes with this method."""
        if self.target is None:
            return Limits()
        model = self.model_limits
        return (model.limits if model is not None else None) or self.target.limits_for(self.method or "")

    @property
    def media(self) -> MediaLimits | None:
        """The target's limits for media, None when nothing is known."""
        model = self.model_limits
        if model is not None and model.media is not None:
            return model.media
        return self.dialect.media if self.dialect is not None else None

    @property
    def dialect(self) -> Dialect | None:
        """What the target takes of this format; None without a target, and where it does not take the format."""
        return self.dialects[0][1] if self.target is not None and self.dialects else None

    def refusal(self, refuses: Callable[[Dialect], bool]) -> Refusal | None:
        """Tell who refuses something, None if nobody is known to.

        With a target that is the target, and an error. Without one it is an error if every consumer of the format refuses it,
        else a warning that names those that do.
        """
        by = [target for target, dialect in self.dialects if refuses(dialect)]
        if not by:
            return None
        if self.target is not None:
            return Refusal(Severity.ERROR, self.target.title)
        if len(by) == len(self.dialects):
            return Refusal(Severity.ERROR, "every consumer of this format" if len(by) > 1 else by[0].title)
        return Refusal(Severity.WARNING, in_words([target.title for target in sorted(by, key=lambda one: not one.hosted)]))


_NAMED: Final = 3
"""How many names a message lists before it says "and N others"."""


def in_words(names: Sequence[str]) -> str:
    """Join names for a message; a long list is cut."""
    if len(names) > _NAMED + 1:
        return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} others"
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


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


class Member(msgspec.Struct, frozen=True, gc=False):
    """A record in a group, with the small number that the rule keeps of it."""

    handle: Handle
    item: int


class Rows(NamedTuple):
    """What a group rule keeps of some records: for each a handle, `width` keys (0 for none) and an item (0 for none)."""

    handles: Sequence[Handle]
    keys: "array[int]"
    items: "array[int]"


class Pair(NamedTuple):
    """Two records with different items, the earlier one first."""

    earlier: Handle
    later: Handle


DISTINCT: Final = 1_000
"""Up to so many different items of a group rule are counted exactly."""


class Groups(Protocol):
    """The groups of a rule, with what is known of all records, grouped or not."""

    @property
    def records(self) -> int:
        """How many records take part."""
        ...

    def __iter__(self) -> Iterator["Group"]:
        """Yield the groups of two or more records, in the order of their keys."""
        ...

    def distinct_items(self) -> int:
        """Return how many different items the records have; only that there are more than `DISTINCT`, where there are."""
        ...

    def pairs(self, least: int) -> list[Pair]:
        """Return pairs of records that share at least so many keys; of records with equal items only the first takes part.

        Of the records that share a key, each is paired with the first one and with the one before it: enough to join all
        records that are alike, without the square of a crowd. Pairs come in the order of the file.
        """
        ...


class Group(msgspec.Struct, frozen=True, gc=False):
    """Records that share a key, in the order of the file; always two or more."""

    members: Sequence[Member]


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


class LinkedDataset(msgspec.Struct, frozen=True, kw_only=True):
    """A dataset that a config names, and what was found under that name.

    `state` is ``found``, ``missing`` where it should lie on this machine and does not, ``unlisted`` where the registry has no
    entry of that name, or ``elsewhere`` where nobody can look; `reason` says why. `files` are the names of its files for reports.
    `suggestion` is an entry of the registry that was probably meant. `entry` is what the registry says of it.
    """

    ref: DatasetRef
    state: Literal["found", "missing", "unlisted", "elsewhere"]
    files: tuple[str, ...] = ()
    reason: str = ""
    suggestion: str = ""
    registry: str = ""
    entry: Mapping[str, Any] = {}
    summary: DatasetSummary | None = None


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A config with the datasets that it names."""

    config: Config
    train: tuple[LinkedDataset, ...] = ()
    evaluation: tuple[LinkedDataset, ...] = ()

    @property
    def rows(self) -> int | None:
        """How many records are trained on; None unless all datasets were read."""
        summaries = [one.summary for one in self.train]
        if not summaries or any(one is None for one in summaries):
            return None
        most = self.config.number("max_samples")
        counts = [one.records for one in summaries if one is not None]
        whole = sum(min(count, int(most)) if most is not None and most > 0 else count for count in counts)
        share = self.config.plan.evaluation_share or 0.0
        kept = int(whole * share) if share < 1 else int(share)
        return max(whole - kept, 0)


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
