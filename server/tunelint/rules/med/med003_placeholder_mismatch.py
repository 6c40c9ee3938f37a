"""MED003: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.example import MediaKind
from tunelint.core.finding import Finding, Place, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake

_KINDS: Final[tuple[tuple[MediaKind, str], ...]] = (("image", "images"), ("video", "videos"), ("audio", "audios"))
_COLUMNS: Final = frozenset(key for _, key in _KINDS)
_STOPS_WITHOUT: Final = "llama-factory"
"""The trainer that wants a placeholder for each medium; others put the media before the first text where there is none at all."""


class PlaceholderMismatch(RecordRule):
    """The placeholders in the texts are not as many as the media that the record lists.

    ## Why

    Media that are listed beside the conversation go where `<image>`, `<video>` or `<audio>` stands in a text, or where a part
    `{"type": "image"}` without a source does. With more or fewer of them than media, trainers stop or skip the record.

    Where no text has any placeholder, TRL and ms-swift put the media first; LLaMA-Factory stops.

    ## What to do

    Write one placeholder for each medium, in their order.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "<image>What is it?"}, {"role": "assistant", "content": "A dot."}], "images": ["dots/1.png"]}
    ```

    ```jsonl good
    {"messages": [{"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "What is it?"}]}, {"role": "assistant", "content": "A dot."}], "images": ["dots/1.png"]}
    ```

    ```jsonl good
    {"messages": [{"role": "user", "content": "What does <image> mean in HTML?"}, {"role": "assistant", "content": "Nothing: there is <img>, but no <image>."}]}
    ```

    ```jsonl bad images
    {"messages": [{"role": "user", "content": "<image><image>What is it?"}, {"role": "assistant", "content": "A dot."}], "images": ["dots/1.png"]}
    ```

    ```jsonl bad messages[0].content[0]
    {"messages": [{"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "What is it?"}]}, {"role": "assistant", "content": "A dot."}]}
    ```

    Sources: LLaMA-Factory, ``mm_plugin.py`` (counts must be equal); TRL, ``data_utils.py``; ms-swift's documentation of custom data.
    """

    code = "MED003"
    name = "placeholder-mismatch"
    severity = Severity.ERROR
    wakes = Wake.MEDIA | Wake.RICH

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for each kind of media whose counts differ."""
        example = record.example
        assert example is not None
        if any(fault.kind == "unknown-key" and fault.suggestion in _COLUMNS for fault in record.faults):
            return  # the column is misspelt, which FMT004 says
        # each of two answers is fed with the prompt, so the placeholders of one of them count
        turns = [*example.turns, *(example.chosen or ())]
        strict = context.target is not None and context.target.name == _STOPS_WITHOUT and example.media is not None
        for kind, key in _KINDS:
            listed = [part for part in example.media or () if part.kind == kind]
            marked = [part for turn in turns for part in turn.media if part.kind == kind and part.source is None]
            if not strict and not listed and not marked:
                continue
            found, words = len(marked), f"{kind} parts without a source"
            if not marked:
                found, words = sum(turn.text.count(f"<{kind}>") for turn in turns), f"<{kind}> in the texts"
            if found == len(listed) or (not found and not strict):
                continue
            answered = not marked and any(f"<{kind}>" in turn.text for turn in turns if turn.role == "assistant")
            yield self.finding(
                f"{found or 'no'} {words}, {len(listed) or 'no'} {key[:-1] if len(listed) == 1 else key}",
                Place(listed[0].at[:1] if listed else marked[0].at if marked else (key,)),
                help=f"write the <{kind}> of the answer otherwise: it counts as a placeholder as well"
                if answered
                else "write one placeholder for each: trainers stop at the record or skip it",
                evidence={"placeholders": found, "media": len(listed)},
            )
