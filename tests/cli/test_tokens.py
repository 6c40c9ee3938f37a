"""``tunelint tokens``: exact counts under several tokenizers, and a model's tokenizer from the hub on command only."""

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import tiktoken

from tests.cli.running import BROKEN, GOOD, Shell
from tunelint.tokens.encodings import load

WORDS = ["[UNK]", "is", "it", "raining", "no", "?", "."]


@pytest.fixture
def tokenizer() -> str:
    """Return a tokenizer.json with one token a word."""
    tokenizers = pytest.importorskip("tokenizers")
    model = tokenizers.models.WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]")
    made = tokenizers.Tokenizer(model)
    made.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    return str(made.to_str())


def counted(shell: Shell, *words: str) -> list[dict[str, Any]]:
    """Return what was counted of each file."""
    result = shell.run("tokens", *words, "--output-format", "json")
    assert result.code == 0, result.err
    files: list[dict[str, Any]] = json.loads(result.out)["files"]
    return files


def test_a_dataset_is_counted_as_check_counts_it(shell: Shell) -> None:
    shell.write("a.jsonl", GOOD * 3 + GOOD.replace(b"raining", b"raining cats and dogs"))
    (one,) = counted(shell, "a.jsonl")
    assert (one["kind"], one["format"], one["records"], one["unread"]) == ("dataset", "openai-chat", 4, 0)
    assert [count["tokenizer"] for count in one["tokens"]] == ["o200k_base", "cl100k_base"]
    checked = json.loads(shell.run("check", "a.jsonl", "--output-format", "json").out)["files"][0]["tokens"]
    first = one["tokens"][0]
    assert (first["total"], first["trained"]) == (checked["total"], checked["trained"])
    assert first["median"] < first["longest"]


def test_a_text_is_counted_as_a_whole(shell: Shell) -> None:
    text = "You answer with one word.\n\n- yes\n- no\n"
    shell.write("prompt.md", text)
    (one,) = counted(shell, "prompt.md")
    expected = {name: len(load(name).encode_ordinary(text)) for name in ("o200k_base", "cl100k_base")}
    assert {count["tokenizer"]: count["total"] for count in one["tokens"]} == expected
    assert isinstance(load("o200k_base"), tiktoken.Encoding)
    assert (one["kind"], one["records"], one["tokens"][0]["trained"]) == ("text", None, None)


def test_a_large_number_is_written_whole(shell: Shell) -> None:
    shell.write("book.txt", "word " * 1_234_567)
    (one,) = counted(shell, "book.txt", "--tokenizer", "o200k_base")
    total = one["tokens"][0]["total"]
    assert total > 1_000_000
    assert f"{total:,}" in shell.run("tokens", "book.txt", "--tokenizer", "o200k_base").out


def test_own_tokenizers_are_named_or_come_from_the_settings(shell: Shell, tokenizer: str) -> None:
    shell.write("a.jsonl", GOOD.replace(b"raining", b"Donaudampfschifffahrtsgesellschaft"))
    shell.write("my/tokenizer.json", tokenizer)
    (one,) = counted(shell, "a.jsonl", "--tokenizer", "my/tokenizer.json", "--tokenizer", "cl100k_base")
    assert [count["tokenizer"] for count in one["tokens"]] == ["my/tokenizer.json", "cl100k_base"]
    shell.write("tunelint.toml", 'tokenizer = "my/tokenizer.json"\n')
    (one,) = counted(shell, "a.jsonl")
    assert len(one["tokens"]) == 3
    assert one["tokens"][0]["tokenizer"].endswith("tokenizer.json")
    assert one["tokens"][0]["total"] < one["tokens"][1]["total"]


def test_folders_are_searched_for_datasets(shell: Shell) -> None:
    shell.write("data/a.jsonl", GOOD)
    shell.write("data/b.jsonl", GOOD * 2)
    shell.write("data/notes.txt", "nothing")
    assert [one["path"] for one in counted(shell, "data")] == ["data/a.jsonl", "data/b.jsonl"]


def test_the_table_has_a_line_for_each_tokenizer(shell: Shell) -> None:
    shell.write("a.jsonl", GOOD * 2_000 + BROKEN)
    result = shell.run("tokens", "a.jsonl")
    assert "a.jsonl: 2,000 records, openai-chat; 1 more could not be read" in result.out
    line = next(line for line in result.out.splitlines() if "o200k_base" in line)
    assert "e+" not in line
    assert len(line.split()) == 6


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("gone.jsonl",), "no such file"),
        (("a.jsonl", "--tokenizer", "gpt-9"), "'gpt-9' is no tokenizer"),
        (("a.jsonl", "--tokenizer", "gone.json"), "tokens fetch"),
        (("empty",), "no dataset was found"),
        (("noise.jsonl",), "nothing can be counted"),
        (("fetch",), "wants the name of one model"),
    ],
)
def test_what_is_wrong_is_said(shell: Shell, words: tuple[str, ...], said: str) -> None:
    shell.write("a.jsonl", GOOD)
    shell.write("noise.jsonl", '{"x": 1}\n' * 20)
    (shell.folder / "empty").mkdir()
    result = shell.run("tokens", *words)
    assert result.code == 2
    assert said in result.err


class Hub(ModuleType):
    """What is used of the package huggingface_hub."""

    def __init__(self, folder: Path, text: str) -> None:
        super().__init__("huggingface_hub")
        self.file = folder / "cached.json"
        self.file.write_text(text)
        self.asked: list[tuple[str, str, str]] = []

    def hf_hub_url(self, model: str, name: str, *, revision: str) -> str:
        return f"https://hub.example/{model}/resolve/{revision}/{name}"

    def hf_hub_download(self, model: str, name: str, *, revision: str) -> str:
        self.asked.append((model, name, revision))
        if model == "nobody/nothing":
            raise LookupError("404 Client Error\nand more lines")
        return str(self.file)


def test_a_tokenizer_is_fetched_with_the_users_own_package(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, tokenizer: str
) -> None:
    hub = Hub(tmp_path_factory.mktemp("hub"), tokenizer)
    monkeypatch.setitem(sys.modules, "huggingface_hub", hub)
    result = shell.run("tokens", "fetch", "Qwen/Qwen3-8B", "--revision", "abc")
    assert (result.code, hub.asked) == (0, [("Qwen/Qwen3-8B", "tokenizer.json", "abc")])
    assert "https://hub.example/Qwen/Qwen3-8B/resolve/abc/tokenizer.json" in result.err
    assert 'tokenizer = "tokenizer.json"' in result.out
    shell.write("a.jsonl", GOOD)
    assert counted(shell, "a.jsonl", "--tokenizer", "tokenizer.json")[0]["tokens"][0]["total"]
    assert "--force" in shell.run("tokens", "fetch", "Qwen/Qwen3-8B").err
    assert shell.run("tokens", "fetch", "Qwen/Qwen3-8B", "--force").code == 0
    assert len(hub.asked) == 2
    failed = shell.run("tokens", "fetch", "nobody/nothing", "-o", "other.json")
    assert (failed.code, "404 Client Error" in failed.err, "more lines" in failed.err) == (2, True, False)
    assert not (shell.folder / "other.json").exists()


def test_without_that_package_it_is_said_what_to_do(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    result = shell.run("tokens", "fetch", "Qwen/Qwen3-8B")
    assert result.code == 2
    assert "pip install huggingface_hub" in result.err
