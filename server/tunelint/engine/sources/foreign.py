"""Tells files that hold no records at all by their first bytes: what was saved in place of a dataset."""

import re
from typing import Final

__all__ = ["foreign_content"]

_SIGNATURES: Final = (
    (b"PK\x03\x04", "a ZIP archive or Office document"),
    (b"%PDF-", "a PDF document"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x1f\x8b", "data packed with gzip"),
    (b"\x28\xb5\x2f\xfd", "data packed with Zstandard"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office document"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"version https://git-lfs.github.com/spec/", "a Git LFS pointer"),
    (b"/annex/objects/", "a git-annex pointer"),
)
_MARKUP: Final = (
    (re.compile(rb"\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE), "an HTML page"),
    (re.compile(rb"\s*<\?xml\b"), "an XML document"),
)
_SAMPLE: Final = 4096
_NULL_SHARE: Final = 0.01
_NULLS: Final = 4
"""Share and number of null bytes above which a file is binary data; text has none."""


def foreign_content(head: bytes, suffix: str) -> str:
    """Return what a file is in place of a dataset, "" for text that may hold records.

    Markup is a document like any other in a file called `.txt`, which holds plain text to learn.
    """
    for mark, content in _SIGNATURES:
        if head.startswith(mark):
            return content
    if suffix != ".txt":
        for pattern, content in _MARKUP:
            if pattern.match(head):
                return content
    if head.lstrip().startswith((b"{", b"[")):
        return ""  # a null in a record is a fault of that record
    sample = head[:_SAMPLE]
    return "binary data" if sample.count(b"\x00") > max(_NULL_SHARE * len(sample), _NULLS) else ""
