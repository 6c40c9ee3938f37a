"""Token counts are those of the encodings as their makers define them."""

import base64
import functools
import hashlib
import inspect
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import tiktoken
from hypothesis import given, settings
from hypothesis import strategies as st
from tiktoken_ext import openai_public  # type: ignore[import-untyped]

from tunelint.tokens import ENCODINGS, Counter, counter_for
from tunelint.tokens.encodings import load, many_encoder, pack, unpack

TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=" \t\n\r\u00a0\u3000\u2028ab1'.", max_size=60),
    st.lists(
        st.sampled_from(
            ["Hello", " world", "'s", "'LL", "12345", "  ", "\r\n\n", "你好", "ß", "İ", "e\u0301", "👩‍👩‍👧", "<|endoftext|>", "<|im_start|>", "://", "\x00"]
        ),
        max_size=20,
    ).map("".join),
)  # fmt: skip


def _table(name: str) -> bytes:
    return (files("tunelint.tokens") / "ranks" / f"{name}.bin").read_bytes()


@functools.cache
def _text_form(name: str) -> bytes:
    """Write a rank table the way tiktoken publishes it."""
    return b"".join(base64.b64encode(token) + b" %d\n" % rank for rank, token in enumerate(unpack(_table(name))))


@functools.cache
def _independent(name: str) -> tiktoken.Encoding:
    """Build an encoding from tiktoken's own definition, with the table in its published form."""
    ranks = {
        base64.b64decode(token): int(rank) for token, rank in (line.split() for line in _text_form(name).splitlines() if line)
    }
    patch = pytest.MonkeyPatch()
    with patch.context() as patched:
        patched.setattr(openai_public, "load_tiktoken_bpe", lambda *_, **__: ranks)
        return tiktoken.Encoding(**getattr(openai_public, name)())


@pytest.mark.parametrize("name", ENCODINGS)
def test_rank_table_is_the_published_one(name: str) -> None:
    digest = hashlib.sha256(_text_form(name)).hexdigest()
    assert digest == ENCODINGS[name].sha256
    assert digest in inspect.getsource(getattr(openai_public, name))


@pytest.mark.parametrize("name", ENCODINGS)
def test_table_survives_packing(name: str) -> None:
    assert pack(unpack(_table(name))) == _table(name)


@pytest.mark.parametrize("name", ENCODINGS)
@given(text=TEXTS)
@settings(deadline=None)
def test_ids_are_those_of_the_definition(name: str, text: str) -> None:
    counter = counter_for(name)
    expected = _independent(name).encode_ordinary(text)
    assert counter.encode(text) == expected
    assert counter.ids(text) == expected
    assert counter.count(text) == len(expected)
    assert list(counter.encoder(len(text.encode()))(text)) == expected
    assert list(counter.encoder(len(text.encode()), arrays=True)(text)) == expected


@pytest.mark.parametrize("name", ENCODINGS)
def test_long_texts_without_long_runs_are_exact(name: str) -> None:
    text = "It's 12345 o'clock,\n\n  and all is well — 你好。 " * 13_000
    assert len(text) > 500_000
    assert counter_for(name).encode(text) == _independent(name).encode_ordinary(text)


@pytest.mark.parametrize("name", ENCODINGS)
@pytest.mark.parametrize("piece", [" ", "\n", "\t", "\u3000", "\r\n", "a", "7", "好"])
def test_endless_runs_are_counted(name: str, piece: str) -> None:
    text = piece * (1_200_000 // len(piece))
    ids = counter_for(name).encode(text)
    assert counter_for(name).encoder(len(text), arrays=True)(text) == ids
    short = _independent(name).encode_ordinary(piece * (60_000 // len(piece)))
    assert len(ids) == pytest.approx(20 * len(short), rel=0.01)


def test_texts_that_come_again_are_remembered_and_right() -> None:
    counter = Counter("o200k_base", load("o200k_base").encode_ordinary)
    assert counter.ids("You are a helpful assistant") is counter.ids("You are a helpful assistant")
    long = "word " * 1_000
    assert counter.ids(long) == counter.encode(long)


def _save(tmp_path: Path, tokenizer: Any) -> str:
    path = tmp_path / "tokenizer.json"
    tokenizer.save(str(path))
    return str(path)


def test_local_tokenizer_is_read(tmp_path: Path) -> None:
    tokenizers = pytest.importorskip("tokenizers")
    words = tokenizers.Tokenizer(tokenizers.models.WordLevel({"[UNK]": 0, "it": 1, "rains": 2, "[BOS]": 3}, unk_token="[UNK]"))
    words.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    words.post_processor = tokenizers.processors.TemplateProcessing(single="[BOS] $A", special_tokens=[("[BOS]", 3)])
    counter = counter_for(_save(tmp_path, words))
    assert counter.encode("it rains cats") == [1, 2, 0]
    assert list(counter.encoder(10, arrays=True)("it rains")) == [1, 2]
    assert counter.encoding == "tokenizer.json"


def test_what_is_no_tokenizer_says_so(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    with pytest.raises(OSError, match="tokenizer"):
        counter_for(str(path))
    path.write_text('{"not": "a tokenizer"}')
    with pytest.raises(ValueError, match="is no tokenizer"):
        counter_for(str(path))


@given(texts=st.lists(st.text(max_size=80) | st.sampled_from(["<|endoftext|>", "", " " * 30]), max_size=6))
def test_many_texts_are_encoded_as_each_of_them(texts: list[str]) -> None:
    encoding = load("o200k_base")
    encode_many = many_encoder(encoding)
    assert encode_many is not None
    together = encode_many(texts)
    assert together is not None
    assert together[0].tolist() == [token for text in texts for token in encoding.encode_ordinary(text)]
    assert together[1].tolist() == [len(encoding.encode_ordinary(text)) for text in texts]


def test_half_surrogate_pairs_are_left_to_single_calls() -> None:
    encode_many = many_encoder(load("o200k_base"))
    assert encode_many is not None
    assert encode_many(["a", "\ud800"]) is None


def test_what_keeps_a_tokenizer_from_being_read_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_text("{}", encoding="utf-8")
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'tunelint\[tokenizers\]'"):
        counter_for(str(path))
