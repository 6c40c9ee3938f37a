"""Files named by URLs are read through fsspec, and give what the same bytes on disk give."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import zstandard

from tests.cli.running import Shell
from tunelint.engine import ranges
from tunelint.engine.sources.remote import from_url, is_url

fsspec = pytest.importorskip("fsspec", reason="needs the extra `remote`")

EXAMPLE = Path(__file__).parents[2] / "examples" / "train.jsonl"


@pytest.fixture
def store() -> Iterator[str]:
    """Return the URL of a folder of fsspec's store in memory that holds the example."""
    files = fsspec.filesystem("memory")
    files.pipe("/data/train.jsonl", EXAMPLE.read_bytes())
    yield "memory://data"
    files.rm("/data", recursive=True)


def _findings(out: str) -> list[dict[str, object]]:
    """Return the findings of a JSON report without the name of the file."""
    name = json.loads(out)["files"][0]["path"]
    return list(json.loads(out.replace(json.dumps(name), '""'))["findings"])


def test_url_is_told_from_paths() -> None:
    assert is_url("s3://bucket/train.jsonl")
    assert is_url("hf://datasets/me/mine/train.jsonl")
    assert not any(map(is_url, ("train.jsonl", "C:/data/train.jsonl", "C:\\data", "/a://b", "-", "./s3://x")))


def test_url_gives_the_findings_of_the_file(shell: Shell, store: str) -> None:
    with from_url(f"{store}/train.jsonl").open() as file:
        assert file.read() == EXAMPLE.read_bytes()
    code, out, err = shell.run("check", "--isolated", "--output-format", "json", f"{store}/train.jsonl")
    expected = shell.run("check", "--isolated", "--output-format", "json", str(EXAMPLE)).out
    assert (code, err) == (1, "")
    assert _findings(out) == _findings(expected)
    assert json.loads(out)["files"][0]["path"] == f"{store}/train.jsonl"


@pytest.mark.parametrize("suffix", ["gz", "zst"])
def test_compressed_files_are_unpacked(shell: Shell, store: str, suffix: str) -> None:
    data = EXAMPLE.read_bytes()
    packed = gzip.compress(data) if suffix == "gz" else zstandard.compress(data)
    fsspec.filesystem("memory").pipe(f"/data/train.jsonl.{suffix}", packed)
    out = shell.run("check", "--isolated", "--output-format", "json", f"{store}/train.jsonl.{suffix}").out
    assert len(_findings(out)) == len(_findings(shell.run("check", "--isolated", "--output-format", "json", str(EXAMPLE)).out))


def test_processes_read_urls(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tunelint.cli import check

    monkeypatch.setattr(ranges, "PARALLEL_FROM", 1)
    monkeypatch.setattr(check, "PARALLEL_FROM", 1)
    monkeypatch.setattr(ranges, "_PART", 1_000)
    copy = tmp_path / "train.jsonl"
    copy.write_bytes(EXAMPLE.read_bytes() * 5)
    one = shell.run("check", "--isolated", "--no-cache", "--jobs", "1", "--output-format", "json", copy.as_uri()).out
    two = shell.run("check", "--isolated", "--no-cache", "--jobs", "2", "--output-format", "json", copy.as_uri()).out
    assert _findings(one) == _findings(two)
    assert len(_findings(one)) > 9


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("memory://data/none.jsonl", "no such file"),
        ("nosuchstore://data/train.jsonl", "cannot be reached"),
        ("memory://data/train.parquet", "Parquet is read from disk only"),
        ("memory://data", "is a directory"),
    ],
)
def test_what_cannot_be_read_is_said(shell: Shell, store: str, url: str, says: str) -> None:
    code, _, err = shell.run("check", "--isolated", url)
    assert code == 2
    assert re.search(says, err)


def test_urls_are_not_fixed(shell: Shell, store: str) -> None:
    code, _, err = shell.run("check", "--isolated", "--fix", f"{store}/train.jsonl")
    assert code == 2
    assert "cannot be fixed in place" in err


def test_same_name_on_disk_is_another_file(shell: Shell, store: str) -> None:
    shell.write("train.jsonl", EXAMPLE.read_bytes())
    out = shell.run("check", "--isolated", "--output-format", "json", "train.jsonl", f"{store}/train.jsonl").out
    assert [one["path"] for one in json.loads(out)["files"]] == ["train.jsonl", f"{store}/train.jsonl"]
