"""Reports of large files are found again by all that they were made from, and by nothing less."""

import json
from pathlib import Path

import pytest

from tests.cli.running import Shell
from tunelint.cli import cache as module
from tunelint.cli.cache import CACHED_FROM, ReportCache
from tunelint.core.diagnostic import FileReport
from tunelint.engine.linter import Linter

RECORD = '{"messages": [{"role": "user", "content": "What is %d plus one?"}, {"role": "assistant", "content": "It is %d."}]}\n'


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    folder = tmp_path / "kept"
    monkeypatch.setenv("TUNELINT_CACHE_DIR", str(folder))
    monkeypatch.setattr(module, "CACHED_FROM", 1)
    return folder


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were read."""
    names: list[str] = []
    whole = Linter.finish

    def finish(linter: Linter) -> FileReport:
        names.append(linter.source.facts.name)
        return whole(linter)

    monkeypatch.setattr(Linter, "finish", finish)
    return names


def _rows(count: int = 12) -> str:
    return "".join(RECORD % (number, number + 1) for number in range(count)) + RECORD % (0, 1)


def _check(shell: Shell, *arguments: str) -> str:
    return shell.run("check", "train.jsonl", "--output-format", "json", *arguments).out


def test_an_unchanged_file_is_read_once(shell: Shell, kept: Path, read: list[str]) -> None:
    shell.write("train.jsonl", _rows())
    first = _check(shell)
    assert "DUP001" in first
    assert _check(shell) == first
    assert read == ["train.jsonl"]
    assert [file.suffix for file in kept.iterdir()] == [".report"]


@pytest.mark.parametrize(
    ("change", "arguments"),
    [
        ("content", ()),
        ("settings", ()),
        ("measured", ()),
        ("", ("--ignore", "DUP001")),
        ("", ("--target", "openai")),
        ("", ("--severity", "DUP001=error")),
        ("", ("--no-cache",)),
    ],
)
def test_whatever_counts_is_part_of_the_key(
    change: str, arguments: tuple[str, ...], shell: Shell, kept: Path, read: list[str]
) -> None:
    path = shell.write("train.jsonl", _rows())
    _check(shell)
    match change:
        case "content":
            path.write_bytes(path.read_bytes().replace(b"What is 3 ", b"What is 4 "))
        case "settings":
            shell.write("tunelint.toml", 'ignore = ["DUP001"]\n')
        case "measured":
            shell.write("tunelint-measured.json", "{}")
    _check(shell, *arguments)
    assert read == ["train.jsonl", "train.jsonl"]


def test_what_rests_on_other_files_is_not_kept(shell: Shell, kept: Path, read: list[str]) -> None:
    row = {
        "messages": [{"role": "user", "content": "<image>What is it?"}, {"role": "assistant", "content": "A dot."}],
        "images": ["a.png"],
    }
    shell.write("train.jsonl", json.dumps(row) + "\n")
    assert "MED004" in _check(shell)
    shell.write("a.png", b"\x89PNG\r\n\x1a\n")
    assert "MED004" not in _check(shell)
    shell.write("train.jsonl", _rows())
    shell.write("valid.jsonl", RECORD % (500, 501))
    _check(shell, "--validation", "valid.jsonl")
    count = len(read)
    shell.write("valid.jsonl", RECORD % (1, 2))
    assert "DUP004" in _check(shell, "--validation", "valid.jsonl")
    assert len(read) > count


@pytest.mark.parametrize("answer", ["image", 'the key "images": it names files', "a text of the type document"])
def test_words_for_media_in_texts_are_no_media(shell: Shell, kept: Path, read: list[str], answer: str) -> None:
    shell.write("train.jsonl", _rows() + RECORD.replace('"It is %d."', json.dumps(answer)) % 7)
    assert _check(shell) == _check(shell)
    assert read == ["train.jsonl"]


@pytest.mark.parametrize("part", [{"type": "image_url", "image_url": {"url": "a.png"}}, {"type": "input_audio", "path": "a.wav"}])
def test_parts_that_name_media_are(shell: Shell, kept: Path, read: list[str], part: dict[str, object]) -> None:
    row = {"messages": [{"role": "user", "content": [part]}, {"role": "assistant", "content": "A dot."}]}
    shell.write("train.jsonl", _rows() + json.dumps(row) + "\n")
    _check(shell)
    _check(shell)
    assert read == ["train.jsonl", "train.jsonl"]


def test_a_broken_or_missing_folder_changes_nothing(shell: Shell, kept: Path, read: list[str]) -> None:
    shell.write("train.jsonl", _rows())
    first = _check(shell)
    (report,) = kept.iterdir()
    report.write_bytes(b"\x00junk")
    assert _check(shell) == first
    for file in kept.iterdir():
        file.unlink()
    kept.rmdir()
    kept.write_text("no folder", encoding="utf-8")
    assert _check(shell) == first
    assert len(read) == 3


def test_the_folder_stays_small(tmp_path: Path) -> None:
    data = tmp_path / "train.jsonl"
    data.write_text(_rows(), encoding="utf-8")
    folder = tmp_path / "kept"
    cache = ReportCache(folder, most=600)
    for number in range(20):
        cache.keep(f"key{number}", data, FileReport(path=f"file {number}"))
    sizes = [file.stat().st_size for file in folder.iterdir()]
    assert sum(sizes) <= 600
    assert len(sizes) >= 2


def test_small_files_are_not_kept(shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TUNELINT_CACHE_DIR", str(tmp_path / "kept"))
    shell.write("train.jsonl", _rows())
    _check(shell)
    assert not (tmp_path / "kept").exists()
    assert len(_rows()) < CACHED_FROM
