"""What is held out beside a file."""

import json

import pytest

from tests.linting import lint

SHOUTED = "".join(
    json.dumps({"messages": [{"role": "user", "content": f"label {n}"}, {"role": "assistant", "content": f"LABEL {n}"}]}) + "\n"
    for n in range(120)
).encode()


@pytest.mark.parametrize(
    ("name", "beside", "fires"),
    [
        ("train.jsonl", "", True),
        ("train.jsonl", "val.jsonl", False),
        ("train.jsonl", "test.jsonl", False),
        ("data/my_train.jsonl", "my_valid.jsonl", False),
        ("support-training.v2.jsonl", "support-eval.v2.jsonl", False),
        ("orders.jsonl", "orders_test.jsonl", False),
        ("orders.jsonl", "dev-orders.jsonl", False),
        ("orders.jsonl", "orders.jsonl.bak", True),
        ("validation.jsonl", "", False),
        ("orders-test.jsonl", "", False),
        ("contest.jsonl", "", True),
        ("latest.jsonl", "", True),
    ],
)
def test_a_held_out_file_is_found_by_its_name(name: str, beside: str, fires: bool) -> None:
    assert [one.code for one in lint(SHOUTED, {"ADV007"}, name, media=beside).diagnostics] == (["ADV007"] if fires else [])


def test_nothing_is_said_where_nobody_can_look_or_of_few_records() -> None:
    assert lint(SHOUTED, {"ADV007"}).diagnostics == []
    assert lint(b"".join(SHOUTED.splitlines(keepends=True)[:99]), {"ADV007"}, media="").diagnostics == []
