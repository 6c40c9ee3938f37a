"""The quicker encoder gives what tiktoken gives, or is not used."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunelint.tokens import fast
from tunelint.tokens.counter import Counter, counter_for
from tunelint.tokens.encodings import ENCODINGS, load

pytest.importorskip("gigatoken", reason="needs the extra `fast`")

ENCODERS = {name: fast.load_fast(name, load(name).encode_ordinary) for name in ENCODINGS}
TEXTS = st.one_of(st.text(max_size=200), st.text(" \n\t\r'aA1é日😀<|endoftext|>", max_size=200))


@pytest.mark.parametrize("name", sorted(ENCODINGS))
@given(text=TEXTS)
@settings(max_examples=200, deadline=None)
def test_fast_encoder_gives_what_tiktoken_gives(name: str, text: str) -> None:
    encoder = ENCODERS[name]
    assert encoder is not None
    assert encoder.encode(text).tolist() == load(name).encode_ordinary(text)


@given(texts=st.lists(TEXTS, max_size=6))
@settings(max_examples=100, deadline=None)
def test_many_texts_are_encoded_as_each_of_them(texts: list[str]) -> None:
    encoder, encode = ENCODERS["o200k_base"], load("o200k_base").encode_ordinary
    assert encoder is not None
    together = encoder.encode_many(texts)
    assert together is not None
    assert together[0].tolist() == [token for text in texts for token in encode(text)]
    assert together[1].tolist() == [len(encode(text)) for text in texts]


def test_texts_that_hold_the_separator_are_encoded_singly() -> None:
    encoder, text = ENCODERS["o200k_base"], "a\x1e\x1fb"
    assert encoder is not None
    assert encoder.encode_many(["a", text]) is None
    assert encoder.encode(text).tolist() == load("o200k_base").encode_ordinary(text)


def test_half_surrogate_pairs_are_read_as_tiktoken_reads_them() -> None:
    encoder = ENCODERS["o200k_base"]
    assert encoder is not None
    assert encoder.encode("a\ud800b").tolist() == load("o200k_base").encode_ordinary("a\ud800b")


@pytest.mark.parametrize("name", sorted(ENCODINGS))
def test_probes_are_known_as_tiktoken_encodes_them(name: str) -> None:
    assert fast.expected(name) == [load(name).encode_ordinary(probe) for probe in fast.PROBES]


def test_encoder_that_differs_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    other = fast.expected("o200k_base")
    monkeypatch.setattr(fast, "expected", lambda name: other)
    assert fast.load_fast("cl100k_base", load("cl100k_base").encode_ordinary) is None


def test_tables_of_tiktoken_are_not_loaded_beside_those_of_the_quicker_encoder() -> None:
    load.cache_clear()
    counter = counter_for.__wrapped__("o200k_base")
    counter.hasten()
    assert [counter.encode(probe) for probe in fast.PROBES] == fast.expected("o200k_base")
    assert load.cache_info().currsize == 0


def test_counter_hastens_once_and_only_for_large_files() -> None:
    calls = []

    def hasten() -> tuple[object, object, None]:
        calls.append(1)
        return lambda text: [1], lambda text: [2], None

    counter = Counter("x", lambda text: [0], hasten)  # type: ignore[arg-type]
    assert counter.encoder(10)("a") == [0]
    assert counter.encoder(10, arrays=True)("a") == [1]
    assert counter.encoder(10, arrays=True)("a") == [1]
    assert counter.encoder(10**9, arrays=True) == counter.encode
    assert counter.encode("a") == [2]
    assert calls == [1]
