"""The scan for triggers finds exactly the rows whose text holds one, however JSON spells it."""

import json

from hypothesis import given
from hypothesis import strategies as st

from tunelint.engine.sieve import Sieve
from tunelint.engine.triggers import Triggers

RULES = (
    ("sk-", "AKIA", "ghp_", "gho_", "T3BlbkFJ", "SG."),
    ("<|im_end|>", "[INST", "s an AI ", "orem ipsum"),
    ("\u2028", "\ufffd", "\x07"),
    ("AKIB", "hf_", "@"),
)
WANTED = [(1 << number, literals) for number, literals in enumerate(RULES)]
PIECES = st.sampled_from(
    [one for literals in RULES for one in literals] + ["a", "A", "_", "-", "S", " ", "é", "hp_", "KIA", "\\", '"']
)
TEXTS = st.lists(PIECES, max_size=4).map("".join)
PADDED = st.builds(
    lambda text, near, far: text + "A<é_" * near + "x" * far, TEXTS, st.integers(0, 40), st.sampled_from([0, 9_000])
)
"""With so many first bytes of patterns before it that a search goes on in the other way, close together or far apart."""


def _bits(text: str) -> int:
    return sum(bit for bit, literals in WANTED if any(one in text for one in literals))


@given(
    texts=st.lists(TEXTS, min_size=1, max_size=5),
    ascii=st.booleans(),
    arrays=st.booleans(),
    end=st.sampled_from([b"\n", b"\r\n"]),
)
def test_rows_and_lines_are_woken_by_what_they_hold(texts: list[str], ascii: bool, arrays: bool, end: bytes) -> None:
    triggers = Triggers(WANTED)
    rows = [json.dumps({"text": text}, ensure_ascii=ascii).encode() for text in texts]
    woken = triggers.rows(end.join(rows), rows, arrays=arrays)
    for index, (row, text) in enumerate(zip(rows, texts, strict=True)):
        assert triggers.find(row) == woken.get(index, 0) == _bits(text)


@given(texts=st.lists(st.one_of(TEXTS, PADDED), min_size=1, max_size=12), ascii=st.booleans(), arrays=st.booleans())
def test_many_first_bytes_hide_no_pattern(texts: list[str], ascii: bool, arrays: bool) -> None:
    triggers = Triggers(WANTED)
    rows = [json.dumps({"text": text, "more": texts[0]}, ensure_ascii=ascii).encode() for text in texts]
    woken = triggers.rows(b"\n".join(rows), rows, arrays=arrays)
    assert [woken.get(index, 0) for index in range(len(rows))] == [_bits(text + '"' + texts[0]) for text in texts]


def test_letters_written_as_escapes_wake_every_rule() -> None:
    assert Triggers(WANTED).find(rb'{"text": "gh\u0070_"}') == sum(bit for bit, _ in WANTED)
    assert Triggers(WANTED).find(rb'{"text": "gh\\u0070_"}') == 0


def test_more_groups_of_pieces_than_buckets_are_told_apart() -> None:
    groups = [[bytes([first, second, third]) for third in b"xyz"] for first in b"abcd" for second in b"klmn"]
    block = b"....".join(piece for group in groups for piece in group) + b"...."
    found = dict(Sieve(groups).rows(block, range(0, len(block), 7)))
    assert found == {3 * number + place: 1 << number for number in range(len(groups)) for place in range(3)}
