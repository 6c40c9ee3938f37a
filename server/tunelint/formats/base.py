"""What a dataset format, a consumer of formats and a consumer's dialect of a format are."""

import inspect
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Final, Literal, NamedTuple

import msgspec
from msgspec import NODEFAULT

from tunelint.core.example import Example, MediaKind, Method, Role
from tunelint.core.fault import Fault

__all__ = [
    "ANY_MEDIA",
    "FILES_ONLY",
    "THUMBED",
    "Dialect",
    "Format",
    "Glance",
    "Glances",
    "Limits",
    "MediaLimits",
    "ModelLimits",
    "Target",
]


THUMBED: Final = 0.7
"""How well a record with a thumb fits a format without: less than preference data with a wrong label fits its own."""


def required_keys(row: type[msgspec.Struct]) -> frozenset[str]:
    """Return the keys that a struct needs; `msgspec.structs.fields` knows them too, but evaluates every annotation for it."""
    keys, defaults = row.__struct_encode_fields__, row.__struct_defaults__
    optional = [key for key, default in zip(keys[len(keys) - len(defaults) :], defaults, strict=True) if default is not NODEFAULT]
    return frozenset(keys).difference(optional)


class Glance(NamedTuple):
    """What the fast path needs to know of a plain row: who speaks as written and the text of each turn, as in its example.

    `quotes` are the quotation marks around its keys and its values, all of which are strings.
    """

    speakers: tuple[str, ...]
    texts: list[str]
    quotes: int


class Glances(NamedTuple):
    """The same of many plain rows; the texts of all stand in one list, as many of each row as it has speakers."""

    speakers: list[tuple[str, ...]]
    texts: list[str]
    quotes: list[int]


class Format:
    """One shape of records. A subclass is one module of this package and is used through its only instance.

    The first lines of its docstring say what the shape is and who reads it; fenced examples in the docstring are its tests:
    `good` is detected as this format and has no fault of shape, `bad <path>` has one there.
    """

    name: ClassVar[str]
    """Unique, as in ``--format openai-chat``."""
    title: ClassVar[str]
    """How messages call it."""
    aliases: ClassVar[tuple[str, ...]] = ()
    method: ClassVar[Method] = "sft"
    rows: ClassVar[tuple[type[msgspec.Struct], ...]]
    """The shapes of a record, as strict structs: what at least one consumer reads. Alternatives are tried in order."""
    plain: ClassVar[type[msgspec.Struct] | None] = None
    """A closed struct without optional members for the commonest records; its instances need no further look at their shape."""
    roles: ClassVar[Mapping[str, Role]] = {}
    """What the roles as written mean; the first name of each meaning is the one that fixes write."""
    plain_roles: ClassVar[tuple[Role, ...]] = ()
    """The roles of the turns of a plain row, for formats without roles as written."""
    conversation: ClassVar[bool] = False
    """Whether records hold turns of named speakers, so that the rules about roles apply."""
    calling: ClassVar[frozenset[str]] = frozenset()
    """Speakers whose text is a tool call."""
    only_for: ClassVar[frozenset[str]] = frozenset()
    """Names of the only targets that know this format; without one of them chosen it is never detected."""
    required: ClassVar[tuple[frozenset[str], ...]]
    """The key sets of which a record must have one; derived from `rows` unless a format says better."""

    def __init_subclass__(cls) -> None:
        """Derive what the rows already say."""
        if "rows" in cls.__dict__ and "required" not in cls.__dict__:
            cls.required = tuple(required_keys(row) for row in cls.rows)

    @classmethod
    def page(cls) -> str:
        """Return the docstring without its indentation."""
        return inspect.cleandoc(cls.__doc__ or "")

    def glance(self, row: Any) -> Glance:
        """Look at a `plain` row. Only formats with a `plain` struct define it."""
        raise NotImplementedError

    def glances(self, rows: Sequence[Any]) -> Glances:
        """Look at many plain rows; a format may do it faster than one by one."""
        found = [self.glance(row) for row in rows]
        texts = [text for one in found for text in one.texts]
        return Glances([one.speakers for one in found], texts, [one.quotes for one in found])

    def example(self, row: Any) -> Example:
        """Turn a typed row, plain or not, into the canonical example."""
        raise NotImplementedError

    def meant(self, speakers: tuple[str, ...]) -> tuple[Role, ...]:
        """Return what the speakers of a record mean."""
        return self.plain_roles or tuple([self.roles.get(speaker, "unknown") for speaker in speakers])

    def complete(self, row: Any, value: dict[str, Any]) -> Any:
        """Return a typed row with what its type cannot hold, taken from the raw value."""
        return row

    def explains(self, known: Iterable[Fault], fault: Fault) -> bool:
        """Tell whether a generic fault is a mere consequence of those that `repair` yielded."""
        return False

    def check(self, row: Any) -> Iterable[Fault]:
        """Yield the faults of a row that its types cannot express."""
        return ()

    def repair(self, value: dict[str, Any]) -> Iterable[Fault]:
        """Yield faults of a raw value that has not the declared shape and whose likely cause this format knows.

        What is yielded here replaces the generic faults at the same paths.
        """
        return ()

    def suits(self, value: dict[str, Any]) -> float:
        """Return how well a record fits otherwise, 0 to 1: for formats whose shapes overlap and that differ in values."""
        return 1.0


class MediaLimits(msgspec.Struct, frozen=True, kw_only=True):
    """What a consumer takes as images, videos and sounds of one example. Of `mime_types` and `roles` an empty set means any."""

    kinds: frozenset[MediaKind] = frozenset({"image"})
    images: int | None = None
    videos: int | None = None
    image_bytes: int | None = None
    mime_types: frozenset[str] = frozenset({"image/jpeg", "image/png", "image/webp"})
    sources: frozenset[Literal["http", "data", "s3", "gs", "path"]] = frozenset({"http", "data"})
    roles: frozenset[Role] = frozenset({"user"})
    mixed: bool = True


ANY_MEDIA: Final = MediaLimits(
    kinds=frozenset({"image", "video", "audio"}),
    mime_types=frozenset(),
    roles=frozenset(),
    sources=frozenset({"http", "data", "path", "s3", "gs"}),
)
"""What trainers take that read media with libraries of their own: everything, from everywhere, in every turn."""

FILES_ONLY: Final = msgspec.structs.replace(ANY_MEDIA, kinds=frozenset({"image"}), sources=frozenset({"http", "data", "path"}))
"""The same for trainers of images alone that read no cloud storage."""


class Dialect(msgspec.Struct, frozen=True, kw_only=True):
    """What one consumer takes of one format.

    Every default is the lenient answer: a consumer is never said to refuse what nobody has seen it refuse.
    """

    roles: frozenset[str] | None = None
    """The roles as written that it knows; None: whatever the format knows."""
    row_keys: frozenset[str] | None = None
    """The only keys a record may have; None: others are ignored."""
    needed_keys: frozenset[str] = frozenset()
    """The keys without which it cannot read a record, where the format has others for the same."""
    message_keys: frozenset[str] | None = None
    """The only keys a message may have; None: others are ignored."""
    order: Literal["free", "no-repeat", "alternate"] = "free"
    """`no-repeat`: no role twice in a row; `alternate`: after the system turn user and assistant in turn, user first."""
    last: Literal["any", "assistant"] = "any"
    """Whether a training conversation has to end with an answer."""
    system: Literal["anywhere", "first", "none"] = "anywhere"
    """Where a system turn may stand; `first` also means at most one."""
    needs_user: bool = False
    """Whether a conversation without a user turn is refused."""
    min_turns: int = 1
    """Turns without which a conversation is refused."""
    arguments: Literal["either", "string", "object"] = "either"
    """How a tool call holds its arguments: as JSON text or as an object."""
    padded: bool = False
    """Whether it reads records into a table whose objects get the keys of each other, with null for a value."""
    call_ids: Literal["free", "required"] = "free"
    call_id_pattern: str | None = None
    typed_calls: bool = False
    """Whether each tool call must have its ``"type": "function"``."""
    wrapped_tools: Literal["no", "yes", "typed"] = "no"
    """Whether each declared tool must hold its function under `function`, and with ``"type": "function"`` beside it."""
    answered: bool = False
    """Whether every tool call must be followed by its tool message."""
    declared: bool = False
    """Whether its guide declares each tool that an example calls. Nobody was seen to refuse other records."""
    valid_tools: bool = False
    """Whether a tool's parameters must be a valid JSON Schema."""
    text_parts: bool = True
    """Whether content may be a list of parts instead of a string."""
    json_text: bool = False
    """Whether `messages` and `tools` may be JSON texts that the consumer decodes."""
    unread: frozenset[str] = frozenset()
    """Columns that say something to the model or of the loss, and that were seen not to be read."""
    masks: frozenset[str] | None = None
    """The only keys of a message by which it leaves a turn out of the loss; None: nobody has looked."""
    doubles_start: bool = True
    """Whether a plain text that begins with the token of the beginning gets a second one."""
    ends_text: bool = True
    """Whether it puts the end of text behind a plain text that has none."""
    reasoning: bool = True
    """Whether reasoning is read that stands beside the content of a turn, in a key of its own."""
    calls: bool = True
    """Whether the `tool_calls` of a turn are read."""
    call_text: bool = True
    """Whether the text of a turn that calls tools too is read."""
    media: MediaLimits | None = None
    """None: nothing is known of its limits for media."""
    reserved: tuple[str, ...] = ()
    """Pieces of text that it refuses inside texts."""
    reserved_starts: tuple[str, ...] = ()
    """Pieces of text that it refuses at the start of a text."""
    single_answer: bool = False
    """Preference data: each answer is exactly one assistant turn."""
    joined_answers: bool = False
    """Preference data: whether prompt and answers are joined as they are, so that all must be texts, or all messages."""
    one_key_set: bool = False
    """Whether all records must have the same keys."""
    exact_keys: bool = False
    """Whether other combinations of the known keys are refused."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much one consumer takes, with what method. None: no limit is known."""

    min_examples: int | None = None
    max_examples: int | None = None
    max_bytes: int | None = None
    max_validation_examples: int | None = None
    max_validation_bytes: int | None = None
    advised_examples: int | None = None


class ModelLimits(msgspec.Struct, frozen=True, kw_only=True):
    """What a consumer's base model takes in training: tokens an example, and how it counts them."""

    context: int | None
    encoding: str = "o200k_base"
    exact: bool = True
    """Whether `encoding` is the model's own; else it stands in for a tokenizer that is not at hand."""
    limits: Limits | None = None
    """Limits of this model that differ from the consumer's own."""
    formats: frozenset[str] | None = None
    """The only formats this model takes."""
    media: MediaLimits | None = None


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A provider or trainer that reads datasets: what ``--target`` names.

    Every number is as of `as_of` and comes from `sources`. `limits` are by method, with ``""`` for all others. Model names
    match by the longest prefix, so that dated names need no entry of their own.
    """

    name: str
    title: str
    hosted: bool
    as_of: str
    sources: tuple[str, ...]
    dialects: Mapping[str, Dialect]
    limits: Mapping[str, Limits] = {}
    models: Mapping[str, ModelLimits] = {}
    default_model: str = ""
    aliases: tuple[str, ...] = ()
    bom: Literal["refused", "wanted", "ignored"] = "ignored"
    """`wanted`: its documentation asks for a byte order mark."""
    over_context: Literal["truncated", "dropped", "refused", "unknown"] = "unknown"
    """What it does with an example above the model's limit."""
    suffixes: tuple[str, ...] = (".jsonl",)
    """The file names it takes, without those of compression."""
    note: str = ""
    """What a user of this target should know before anything else, such as a shutdown date."""

    def model(self, name: str) -> ModelLimits | None:
        """Return the limits of the model called `name` (the default one for ``""``), None for an unknown name."""
        name = name or self.default_model
        prefixes = [known for known in self.models if name == known or name.startswith(known)]
        return self.models[max(prefixes, key=len)] if prefixes else None

    def limits_for(self, method: str) -> Limits:
        """Return the limits that hold for `method`."""
        return self.limits.get(method) or self.limits.get("") or Limits()


NAME_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""How hosted providers let functions and participants be called."""
