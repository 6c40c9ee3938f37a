"""MED004: see the class."""

import re
from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Finding, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake
from tunelint.rules.med._bytes import looks_like_base64_image
from tunelint.rules.med._media import media_of

_ELSEWHERE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|[/\\~$]")
"""How an address begins, or a path from the root, of a home folder, of a drive or with a variable."""

_LONGEST: Final = 1_024
"""Longer texts are no names of files."""


class MissingMediaFile(RecordRule):
    """A file that a record names is not there.

    ## Why

    Trainers open media when they come to the record, which may be hours after the start, and stop or skip it.

    Names are looked up beside the dataset. Where not even the folder of a file is there, the names may be meant from another place,
    such as the trainer's media folder, and it is a warning. What an absolute name means depends on the machine that trains: only
    relative ones are looked at.

    ## What to do

    Put the files there, correct the names, or, if the trainer is given another folder for media, ignore the rule for the file.

    ## Examples

    ```jsonl good media=
    {"messages": [{"role": "user", "content": "<image>What is it?"}, {"role": "assistant", "content": "A dot."}], "images": ["https://example.com/dot.png"]}
    ```

    ```jsonl good media=dots/1.png
    {"messages": [{"role": "user", "content": "<image>What is it?"}, {"role": "assistant", "content": "A dot."}], "images": ["dots/1.png"]}
    ```

    ```jsonl bad images[0] media=dots/1.png
    {"messages": [{"role": "user", "content": "<image>What is it?"}, {"role": "assistant", "content": "A dot."}], "images": ["dots/2.png"]}
    ```

    Sources: LLaMA-Factory, ``mm_plugin.py``; ms-swift, ``template/vision_utils.py`` (both open files when a record is encoded).
    """

    code = "MED004"
    name = "missing-media-file"
    severity = Severity.ERROR
    wakes = Wake.MEDIA
    unless = frozenset({"MED001"})

    def applies(self, context: Context) -> bool:
        """Only where somebody can look."""
        return context.exists is not None

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for each name of a file that is not there."""
        example = record.example
        assert example is not None
        assert context.exists is not None
        for part, _ in media_of(example):
            name = part.source
            if not isinstance(name, str) or not name.strip() or len(name) > _LONGEST or _ELSEWHERE.match(name) or "\x00" in name:
                continue
            if not looks_like_base64_image(name) and not context.exists(name):
                folder = name.replace("\\", "/").rpartition("/")[0]
                beside = not folder or context.exists(folder)
                yield self.finding(
                    f"{name[:80]!r} is not there",
                    part.at,
                    severity=Severity.ERROR if beside else Severity.WARNING,
                    help="put the file there or correct the name: paths start from the folder of the dataset"
                    if beside
                    else f"paths start from the folder of the dataset, which holds no {folder[:60]!r}: check from where yours start",
                )
