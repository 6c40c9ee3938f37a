"""Records are found in every container, wherever chunks end, and can be read again by their handles."""

import gzip
import json
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.linting import lint
from tunelint.engine.sources import SourceError, base, jsonlines, jsonvalues, open_source
from tunelint.engine.sources.opening import open_stream, sniff
from tunelint.engine.sources.streams import from_bytes
from tunelint.text.lines import split_lines

ROWS = st.lists(
    st.one_of(st.text(st.sampled_from('ab{}[]",:\u2028é 😀'), max_size=12), st.sampled_from(['{"a": "b"}', ""])), max_size=12
)
RECORDS = [{"text": f"number {number}", "more": [number, {"x": "]}"}]} for number in range(7)]


def _records(data: bytes, name: str) -> tuple[list[bytes], list[tuple[int, int]]]:
    """Return records and places, and check that handles bring them back."""
    source = open_stream(from_bytes(data, name))
    rows, places, handles = [], [], []
    for batch in source.batches():
        for index, row in enumerate(batch.rows):
            origin = batch.origin(index)
            rows.append(row)
            places.append((origin.line, origin.column))
            handles.append(batch.handle(index))
    assert handles == sorted(set(handles))
    again = source.fetch(handles)
    assert [again[handle][0] for handle in handles] == rows
    assert [(again[handle][1].line, again[handle][1].column) for handle in handles] == places
    return rows, places


@given(
    rows=ROWS,
    ends=st.lists(st.sampled_from(["\n", "\r\n", "\r"]), min_size=12, max_size=12),
    size=st.integers(1, 40),
    last=st.booleans(),
)
@settings(max_examples=200, deadline=None)
def test_lines_do_not_depend_on_chunks(rows: list[str], ends: list[str], size: int, last: bool) -> None:
    text = "".join(row + end for row, end in zip(rows, ends, strict=False))
    text = '{"first": 1}\n' + (text if last else text.rstrip("\r\n"))
    expected = [line.rstrip("\r\n") for line in split_lines(text)]
    if expected and not expected[-1]:
        expected.pop()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonlines, "CHUNK", size)
        found, places = _records(text.encode(), "a.jsonl")
    if sniff(text.encode(), "a.jsonl", complete=True) == "jsonl":
        assert [row.decode() for row in found] == expected
        assert places == [(line, 1) for line in range(1, len(expected) + 1)]


@given(indent=st.sampled_from([None, 1, 4]), size=st.integers(1, 60), padding=st.sampled_from(["", "\n", " \r\n"]))
@settings(max_examples=100, deadline=None)
def test_items_of_an_array_do_not_depend_on_chunks(indent: int | None, size: int, padding: str) -> None:
    text = padding + json.dumps(RECORDS, indent=indent) + padding
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonvalues, "CHUNK", size)
        found, places = _records(text.encode(), "a.json")
    assert [json.loads(row) for row in found] == RECORDS
    lines = text.replace("\r\n", "\n").split("\n")
    assert all(lines[line - 1][column - 1 :].startswith("{") for line, column in places)


def test_parts_of_a_file_hold_each_line_once(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"".join(b'{"n": %d}\n' % number for number in range(500)) + b'{"n": 500}')
    source = open_source(path)
    assert isinstance(source, jsonlines.JsonLines)
    for size in (1, 7, 100, 1_000, 10**6):
        rows = [
            row for start, end in source.cut(size) for batch in source.part(start, end, start, source.facts) for row in batch.rows
        ]
        assert [json.loads(row)["n"] for row in rows] == list(range(501))


@pytest.mark.parametrize(
    ("head", "name", "container"),
    [
        ('{"a": 1}\n{"a": 2}\n', "a.jsonl", "jsonl"),
        ('{"a": 1}', "a.jsonl", "jsonl"),
        ('{"a": 1}', "a.json", "json"),
        ('[{"a": 1},\n{"a": 2}]', "a.jsonl", "json"),
        ('[{"a": 1}]', "a.json", "json"),
        ("[1]\n[2]\n", "a.jsonl", "jsonl"),
        ('{\n  "a": 1\n}\n{\n  "a": 2\n}\n', "a.jsonl", "json-stream"),
        ('{"a": 1}\n{"a": 2}\n', "a.json", "jsonl"),
        ("a,b\n1,2\n", "a.csv", "csv"),
        ('{"a": 1}\n{"a": 2}\n', "a.csv", "jsonl"),
        ('{"a": 1, b\n1,2\n', "a.csv", "csv"),
        ("plain words\n", "a.txt", "text"),
        ('{"a": 1}\n', "a.txt", "jsonl"),
        ('{"a": \n{"a": 2}\n', "a.jsonl", "jsonl"),
        ("", "a.jsonl", "jsonl"),
    ],
)
def test_container_is_seen_from_the_bytes(head: str, name: str, container: str) -> None:
    assert sniff(head.encode(), name, complete=True) == container


@pytest.mark.parametrize(
    ("data", "name", "content"),
    [
        (b"PK\x03\x04" + bytes(range(256)), "a.jsonl", "a ZIP archive or Office document"),
        (b"\x80\x04\x95\x00\x00" * 30, "a.jsonl", "binary data"),
        (b"  \n<!doctype HTML>\n<p>", "a.jsonl", "an HTML page"),
        (b"\xef\xbb\xbf<html>", "a.csv", "an HTML page"),
        (b"<html>", "a.txt", ""),
        (b"version https://git-lfs.github.com/spec/v1\n", "a.txt", "a Git LFS pointer"),
        (b'{"text": "a\x00b"}\n' + b'{"text": "abc"}\n' * 100, "a.jsonl", ""),
    ],
)
def test_what_is_no_dataset_is_told_by_its_first_bytes(tmp_path: Path, data: bytes, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    source = open_source(path)
    assert source.facts.content == content
    assert bool([row for batch in source.batches() for row in batch.rows]) != bool(content)


@pytest.mark.parametrize("suffix", ["gz", "zst"])
def test_compressed_files_are_read_as_what_they_hold(tmp_path: Path, suffix: str) -> None:
    data = b"".join(json.dumps(record).encode() + b"\n" for record in RECORDS) * 100
    path = tmp_path / f"a.jsonl.{suffix}"
    path.write_bytes(gzip.compress(data) if suffix == "gz" else zstandard.ZstdCompressor().compress(data))
    source = open_source(path)
    rows = [row for batch in source.batches() for row in batch.rows]
    assert b"".join(row + b"\n" for row in rows) == data
    handle = 3
    assert source.fetch([handle])[handle][0] == rows[3]
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(SourceError, match="damaged or cut off"):
        list(open_source(path).batches())


def test_csv_and_parquet_rows_are_records(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    csv = tmp_path / "a.csv"
    csv.write_text('prompt;completion\n"a;b";"c\nd"\ne;f\n', encoding="utf-8-sig")
    rows = [
        (json.loads(row), batch.origin(index).line)
        for batch in open_source(csv).batches()
        for index, row in enumerate(batch.rows)
    ]
    assert rows == [({"prompt": "a;b", "completion": "c\nd"}, 2), ({"prompt": "e", "completion": "f"}, 4)]
    path = tmp_path / "a.parquet"
    parquet.write_table(pa.table({"prompt": ["a", "b"], "completion": ["c", None]}), path)
    rows = [
        (json.loads(row), batch.origin(index).line)
        for batch in open_source(path).batches()
        for index, row in enumerate(batch.rows)
    ]
    assert rows == [({"prompt": "a", "completion": "c"}, 1), ({"prompt": "b", "completion": None}, 2)]


def test_rows_that_cannot_be_read_are_found_and_the_others_linted() -> None:
    data = 'prompt,completion\na,"b\nc,d\n\xe9,f\n{"a":"b","c":"d"}\ng,"h"\n'.encode("latin-1")
    report = lint(data, ["FIL001", "FIL015", "FMT003", "JSN001", "JSN002"], "a.csv")
    assert [(one.code, one.line, one.column) for one in report.diagnostics] == [
        ("FIL015", 2, 3),
        ("FIL001", 4, 1),
        ("FIL015", 5, 12),
    ]
    assert (report.records, report.format) == (2, "prompt-completion")


def test_a_broken_header_names_the_columns_all_the_same() -> None:
    report = lint(b'\n"prompt,completion\na,b\n', ["FIL015", "FMT001"], "a.csv")
    assert [(one.code, one.line, one.column) for one in report.diagnostics] == [("FIL015", 2, 1)]
    assert (report.records, report.format) == (1, "prompt-completion")


@given(data=st.binary(max_size=200), name=st.sampled_from(["a.jsonl", "a.json", "a.csv", "a.txt"]))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_survived(data: bytes, name: str) -> None:
    report = lint(data, name=name)
    assert report.skipped == []
    assert report.diagnostics or name != "a.jsonl", "so few bytes are no dataset without a finding"


def test_memory_does_not_grow_with_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonlines, "MAX_RECORD", 50)
    monkeypatch.setattr(jsonlines, "CHUNK", 16)
    data = b'{"a": 1}\n{"a": "' + b"x" * 500 + b'"}\n{"a": 2}\n'
    batches = list(open_stream(from_bytes(data, "a.jsonl")).batches())
    rows = [row for batch in batches for row in batch.rows]
    assert rows == [b'{"a": 1}', b"", b'{"a": 2}']
    assert [size for batch in batches for size in batch.oversized.values()] == [510]
    assert base.MAX_RECORD > 50
