"""DUP002: see the class."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from tunelint.core.block import PlainBlock, handles, identities
from tunelint.core.finding import Edit, Finding, Fix, Handle, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, GroupRule, Groups, Options, Pair, Rows
from tunelint.rules.dup._pairs import first_at
from tunelint.text.words import Wording, words
from tunelint.tokens import counter_for
from tunelint.tokens.lengths import content_parts, turn_text
from tunelint.tokens.sketch import KEYS, different_shingles, sketch_block, sketch_keys

_MAX_PAIRS: Final = 200_000
"""Pairs that are compared at most: with more of them the file is mostly copies, and the count says so long before."""

_LEAST_KEYS: Final = 3
"""Keys that two records must share to be compared. Simulated on sets of 200 shingles: of pairs at 0.85 one in 130 has fewer, of
pairs at 0.9 one in 1,000, while half of the pairs at 0.5 and nine of ten at 0.3 are ruled out."""


class _Likeness(NamedTuple):
    """The earlier record that one is like, how much, and in words what differs where every sequence of words is the same."""

    earlier: Handle
    similarity: float
    difference: str


class NearDuplicateOptions(Options, frozen=True, forbid_unknown_fields=True):
    """What can be set for near duplicates."""

    similarity: float = 0.85
    """Share of the shingles of two records that must be the same (Jaccard), above 0.5. 0.85 is what Lilac and Soup use."""
    warning_share: float = 0.05
    """Share of near duplicates in the file from which they are a warning. 5% is what Soup uses."""


class NearDuplicate(GroupRule):
    """An example is nearly the same as an earlier one.

    ## Why

    Examples that differ in a word or two teach nearly the same thing and are paid for in full. They are mostly left over from
    generation by a model, from revisions of one record, or from templates that were filled in too few ways.

    Two records are near duplicates when 85% of all their sequences of three words are the same. System prompts do not count,
    and records that are only alike in what a fifth of the file shares, a template, are not compared. Candidates come from
    sketches and are always compared exactly, so a reported pair is one.

    ## What to do

    Keep the better one of the two, or make them differ in what matters.

    ## Fix

    The unsafe fix drops the later record.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Write two sentences about how rain forms over the sea."}, {"role": "assistant", "content": "Warm air takes up water from the surface and rises. Where it cools, the water condenses to drops, and they fall."}]}
    {"messages": [{"role": "user", "content": "Write two sentences about how dunes move."}, {"role": "assistant", "content": "Wind lifts grains on one side and lets them fall on the other. So the whole hill wanders with the wind, a few metres a year."}]}
    ```

    ```jsonl bad 2:
    {"messages": [{"role": "user", "content": "Write two sentences about how rain forms over the sea and why it falls on the coast more often than far inland."}, {"role": "assistant", "content": "Warm air takes up water from the surface and rises towards the hills of the coast. Where it cools, the water condenses to drops that grow until they are heavy enough to fall, long before the air gets far inland."}]}
    {"messages": [{"role": "user", "content": "Write two sentences about how rain forms over the sea and why it falls on the coast more often than further inland."}, {"role": "assistant", "content": "Warm air takes up water from the surface and rises towards the hills of the coast. Where it cools, the water condenses to drops that grow until they are heavy enough to fall, long before the air gets far inland."}]}
    ```

    ```jsonl fixed
    {"messages": [{"role": "user", "content": "Write two sentences about how rain forms over the sea and why it falls on the coast more often than far inland."}, {"role": "assistant", "content": "Warm air takes up water from the surface and rises towards the hills of the coast. Where it cools, the water condenses to drops that grow until they are heavy enough to fall, long before the air gets far inland."}]}
    ```

    Sources: Broder, On the resemblance and containment of documents, 1997; Lee et al., 2107.06499.
    """

    code = "DUP002"
    name = "near-duplicate"
    severity = Severity.INFORMATION
    fix = "unsafe"
    needs_tokens = True
    uses_common = True
    width = KEYS
    keeps_item = True
    settings = NearDuplicateOptions

    def keys(self, record: Record, context: Context) -> tuple[int, ...]:
        """Return the keys of the record's sketch."""
        return tuple(key for key in sketch_keys([content_parts(record)], context.common_shingles) if key)

    def item(self, record: Record, context: Context) -> int:
        """Return the number that equal examples share: they are DUP001's."""
        return record.identity

    def rows(self, records: Sequence[Record], context: Context) -> Rows:
        """Sketch many records at once."""
        if isinstance(records, PlainBlock) and records.tokens is not None:
            keys = sketch_block(records.tokens, context.common_shingles)
        else:
            keys = sketch_keys([content_parts(record) for record in records], context.common_shingles)
        return Rows(handles(records), keys, identities(records))

    def report(self, groups: Groups, context: Context) -> Iterator[Finding]:
        """Compare the records that share keys, and yield a finding for each that is like an earlier one."""
        pairs = groups.pairs(_LEAST_KEYS)[:_MAX_PAIRS]
        found: dict[Handle, _Likeness] = {}
        for alike in context.compared(self._alike, pairs):
            for handle, likeness in alike.items():
                found.setdefault(handle, likeness)
        severity = Severity.WARNING if len(found) > self.options.warning_share * context.file.records else None
        for handle, (earlier, similarity, difference) in found.items():
            same = difference or f"{min(int(similarity * 100), 99)}% the same as an earlier example"
            yield self.finding(
                same,
                handle=handle,
                severity=severity,
                help="keep the better one of the two, or make them differ in what matters",
                related=first_at(earlier, "the earlier example"),
                fix=Fix("drop the later one of two nearly equal examples", "unsafe", (Edit("drop"),)),
                evidence={"similarity": round(similarity, 3)},
            )

    def _alike(self, pairs: Sequence[Pair], records: Mapping[Handle, Record], context: Context) -> dict[Handle, _Likeness]:
        """Return those of the later records of pairs that are like an earlier one, the first such one with each."""
        least = self.options.similarity
        found: dict[Handle, _Likeness] = {}
        texts = {handle: Wording("\n".join(_texts(record))) for handle, record in records.items()}
        for earlier, later in pairs:
            if later in found or not texts[earlier].may_be_like(texts[later], least):
                continue
            similarity = _likeness(texts[earlier].shingles, texts[later].shingles)
            if similarity < least:
                continue
            if (
                similarity == 1.0
                or not context.common_shingles
                or _own_likeness(records[earlier], records[later], context) >= least
            ):
                difference = _difference(records[earlier], records[later]) if similarity == 1.0 else ""
                found[later] = _Likeness(earlier, similarity, difference)
        return found


def _texts(record: Record) -> list[str]:
    """Return what a record says beside its system prompt."""
    if record.texts is not None:
        return record.texts[1:] if record.roles[:1] == ("system",) else record.texts
    example = record.example
    return [turn_text(turn) for turn in example.all_turns if turn.role != "system"] if example is not None else []


def _difference(one: Record, other: Record) -> str:
    """Say in what two records differ all of whose word sequences are the same."""
    texts, others = _texts(one), _texts(other)
    if texts == others:
        systems = [
            [turn.text for turn in record.example.turns if turn.role == "system"] for record in (one, other) if record.example
        ]
        what = "the system prompt" if systems[0] != systems[-1] else "what stands beside its texts"
    elif [words(text) for text in texts] == [words(text) for text in others]:
        what = "white space"
    elif sorted(texts) == sorted(others):
        what = "the order of its turns"
    else:
        return "the same sequences of words as in an earlier example, in another order or number"
    return f"the same as an earlier example but for {what}"


def _likeness(one: AbstractSet[object], other: AbstractSet[object]) -> float:
    """Return the share of two sets that is in both."""
    shared = len(one & other)
    return shared / max(len(one) + len(other) - shared, 1)


def _own_likeness(one: Record, other: Record, context: Context) -> float:
    """Return how alike two records are in what is not the template of the file."""
    counter = counter_for(context.encoding)
    sets = [different_shingles([counter.ids(text) for text in _texts(record)]) for record in (one, other)]
    return _likeness(sets[0] - context.common_shingles, sets[1] - context.common_shingles)
