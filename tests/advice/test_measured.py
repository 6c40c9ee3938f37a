"""What was measured stays known until a record changes."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunelint.advice.files import MEASURED
from tunelint.advice.measured import Arm, Measured, Score, add_measured, content_key, find_measured, read_measured
from tunelint.core.errors import UserError

IDENTITIES = st.lists(st.integers(1, (1 << 64) - 1), max_size=20)


def arm(name: str, value: float, shots: int = 0, model: str = "m") -> Arm:
    score = Score(value, value - 0.1, value + 0.1)
    return Arm(
        name=name,
        model=model,
        shots=shots,
        score=score,
        rows=20,
        asked=20,
        exact=0,
        readable=1,
        cut=0,
        input_tokens=1,
        output_tokens=1,
    )


def measured(content: str = "1-a", at: str = "2026-01-01T00:00:00Z", *arms: Arm, complete: bool = True) -> Measured:
    return Measured(
        content=content,
        dataset="train.jsonl",
        records=1,
        measured_at=at,
        endpoint="https://x/v1",
        task="label",
        metric="match",
        arms=arms or (arm("zero-shot", 0.2), arm("few-shot", 0.9, 8)),
        complete=complete,
    )


@given(IDENTITIES)
def test_keys_know_no_order_and_no_copies(identities: list[int]) -> None:
    assert content_key([*identities[::-1], *identities[:2]]) == content_key(identities)


@given(st.lists(st.integers(1, (1 << 64) - 1), min_size=1, max_size=20, unique=True))
def test_keys_tell_a_changed_record(identities: list[int]) -> None:
    assert content_key([identities[0] ^ 1, *identities[1:]]) != content_key(identities)
    assert content_key(identities[1:]) != content_key(identities)


def test_results_come_back(tmp_path: Path) -> None:
    assert read_measured(tmp_path) == ()
    first, second = measured(), measured("2-b")
    (tmp_path / MEASURED).write_text(add_measured((), first))
    (tmp_path / MEASURED).write_text(add_measured(read_measured(tmp_path), second))
    assert read_measured(tmp_path) == (first, second)
    assert find_measured(read_measured(tmp_path), "1-a") == first
    assert find_measured(read_measured(tmp_path), "3-c") is None
    best = first.best
    assert best is not None
    assert best.name == "few-shot"


def test_a_new_result_replaces_the_old_one_of_the_same_models(tmp_path: Path) -> None:
    again = measured(at="2026-02-01T00:00:00Z")
    other = measured("1-a", "2026-01-05T00:00:00Z", arm("zero-shot", 0.1, model="other"))
    (tmp_path / MEASURED).write_text(add_measured((measured(), other), again))
    assert read_measured(tmp_path) == (other, again)


def test_the_latest_complete_result_counts() -> None:
    partial = measured(at="2026-03-01T00:00:00Z", complete=False)
    assert find_measured([measured(), partial], "1-a") == measured()
    assert find_measured([partial], "1-a") == partial


def test_the_best_prompt_is_no_tuned_model_and_the_simplest_of_equals() -> None:
    found = measured("1-a", "", arm("tuned", 1.0), arm("nearest", 0.8, 8), arm("few-shot", 0.8, 4)).best
    assert found is not None
    assert found.name == "few-shot"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b'{"version": 1}',
        b'{"version": 1, "measurements": [{}]}',
        b'{"version": 2, "measurements": []}',
    ],
)
def test_a_broken_file_is_said_in_a_line(tmp_path: Path, data: bytes) -> None:
    (tmp_path / MEASURED).write_bytes(data)
    with pytest.raises(UserError, match=MEASURED):
        read_measured(tmp_path)
