"""Answers are paid once, and money is kept below the ceiling."""

import os
from pathlib import Path

import pytest

from tunelint.advice.journal import Journal, key_of
from tunelint.advice.metrics import Call, Said
from tunelint.advice.reply import Reply, Usage
from tunelint.advice.spending import CeilingError, Spending, cost_of
from tunelint.core.errors import UserError
from tunelint.costs.prices import CallPrice

REPLY = Reply(Said("Hi\u2028\n\ud83d", (Call("f", '{"x": 1}'), Call("g", {"y": [1]}))), Usage(5, 2, 1), cut=True)
KEPT = Reply(Said("Hi\u2028\n?", (Call("f", '{"x": 1}'), Call("g", '{"y": [1]}'))), Usage(5, 2, 1), cut=True)
EMPTY = Reply(Said(""))


def test_answers_come_back(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "journal.jsonl"
    with Journal(path) as journal:
        assert "a" not in journal
        journal.add("a", REPLY)
        journal.add("b", EMPTY)
    with Journal(path) as journal:
        assert (journal.get("a"), journal.get("b"), journal.get("c"), len(journal)) == (KEPT, EMPTY, None, 2)


def test_an_answer_is_in_the_file_at_once(tmp_path: Path) -> None:
    with Journal(tmp_path / "j.jsonl") as journal:
        journal.add("a", EMPTY)
        with Journal(tmp_path / "j.jsonl") as other:
            assert "a" in other


@pytest.mark.parametrize("cut", range(1, 30))
def test_a_line_cut_off_by_a_crash_is_dropped_and_spoils_nothing(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "j.jsonl"
    with Journal(path) as journal:
        journal.add("a", EMPTY)
        journal.add("b", REPLY)
    path.write_bytes(path.read_bytes()[:-cut])
    with Journal(path) as journal:
        assert "a" in journal
        journal.add("c", EMPTY)
    with Journal(path) as journal:
        assert {"a", "c"} <= {key for key in "abc" if key in journal}


@pytest.mark.parametrize("data", [b"", b"\n", b"null\n", b"\xff\xfe\x00", b'{"key": 1}\n', b"[" * 10_000])
def test_any_file_is_read(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "j.jsonl"
    path.write_bytes(data)
    with Journal(path) as journal:
        assert len(journal) == 0
        journal.add("a", EMPTY)
    with Journal(path) as journal:
        assert "a" in journal


def test_the_folder_stays_out_of_version_control_and_the_file_is_the_owners(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "j.jsonl"
    with Journal(path) as journal:
        journal.add("a", EMPTY)
    assert (tmp_path / "folder" / ".gitignore").read_text() == "*\n"
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0


def test_a_folder_in_its_place_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"), Journal(tmp_path):
        pass


def test_keys_differ_with_all_that_is_asked() -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": "x"}]}
    keys = {key_of("https://a", body), key_of("https://b", body), key_of("https://a", {**body, "temperature": 0})}
    assert len(keys) == 3
    assert key_of("https://a", dict(reversed(body.items()))) == key_of("https://a", body)


def test_prices() -> None:
    assert cost_of(CallPrice(2.0, 8.0), Usage(1_000_000, 500_000, 400_000)) == pytest.approx(6.0)
    assert cost_of(CallPrice(2.0, 8.0, 0.5), Usage(1_000_000, 500_000, 400_000)) == pytest.approx(5.4)


PRICE = CallPrice(1.0, 1.0)


def test_money_is_reserved_before_and_settled_after() -> None:
    spending = Spending(max_usd=2.5)
    dearest = Usage(500_000, 500_000)
    one, two, three = (spending.allow(PRICE, dearest) for _ in range(3))
    one.begin()
    two.begin()
    with pytest.raises(CeilingError, match="--max-usd"):
        three.begin()
    two.free()
    three.begin()
    one.settle(Usage(100_000, 0))
    assert spending.usd == pytest.approx(0.1)
    two.begin()
    with pytest.raises(CeilingError):
        spending.allow(PRICE, dearest).begin()
    two.settle(None)
    three.settle(Usage(0, 0))
    assert spending.usd == pytest.approx(1.1)
    assert spending.lost_usd == pytest.approx(0)


def test_answers_that_are_lost_are_counted_at_their_dearest() -> None:
    spending = Spending(max_usd=2.5)
    allowance = spending.allow(PRICE, Usage(1_000_000, 0))
    allowance.begin()
    allowance.begin()
    with pytest.raises(CeilingError):
        allowance.begin()
    allowance.settle(Usage(100_000, 0))
    assert (spending.usd, spending.lost_usd) == pytest.approx((0.1, 1.0))
    with pytest.raises(CeilingError):
        spending.allow(PRICE, Usage(1_500_000, 0)).begin()


def test_answers_that_were_paid_for_count() -> None:
    spending = Spending(max_usd=1.0)
    spending.reuse(PRICE, Usage(900_000, 0))
    assert (spending.reused, spending.calls) == (1, 0)
    with pytest.raises(CeilingError):
        spending.allow(PRICE, Usage(200_000, 0)).begin()


def test_calls_have_a_ceiling() -> None:
    spending = Spending(max_calls=2)
    allowance = spending.allow(None, Usage(1, 1))
    allowance.begin()
    allowance.free()
    allowance.begin()
    allowance.begin()
    with pytest.raises(CeilingError, match="--max-calls"):
        allowance.begin()
