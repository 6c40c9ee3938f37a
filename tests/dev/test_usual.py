"""The table of usual values is what the script makes of the published configs."""

from pathlib import Path

from tests.shared_data import shared_data
from tunelint.dev.usual import count_usual, write_usual
from tunelint.trainers.keys import table
from tunelint.trainers.usual import FILE, OF_RANK, Usual, usual_table

CONFIG = """\
base_model: a/b
datasets: [{path: a/b, type: alpaca}]
sequence_len: 2048
micro_batch_size: %s
learning_rate: %s
optimizer: %s
warmup_steps: ${STEPS}
"""


def test_the_table_is_up_to_date() -> None:
    folder = shared_data("configs")
    assert FILE.read_text(encoding="utf-8") == write_usual(count_usual(folder))


def test_one_number_is_one_value_and_what_one_config_has_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "axolotl").mkdir()
    (tmp_path / "SOURCES.md").write_text("a/b 1a2b 2026-01-02\nc/d 3c4d 2026-03-04\n", encoding="utf-8")
    rows = [("1", "0.00002", "adamw_torch"), ("1", "2e-5", "adamw_torch"), ("2", "2.0e-05", "lion"), ("2", "1e-4", "x" * 100)]
    for number, row in enumerate(rows):
        (tmp_path / "axolotl" / f"{number}.yaml").write_text(CONFIG % row, encoding="utf-8")
    (tmp_path / "axolotl" / "none.yaml").write_text("on: push\n", encoding="utf-8")
    found = count_usual(tmp_path)
    assert (found.date, found.configs) == ("2026-03-04", 4)
    keys = found.tools["axolotl"]
    assert keys["learning_rate"][0] == Usual("full tuning", 4, ((2e-5, 3),))
    assert keys["micro_batch_size"][-1] == Usual("", 4, ((1, 2), (2, 2)))
    assert "optimizer" not in keys  # three configs say one that can be shown
    assert "warmup_steps" not in keys


def test_each_key_is_one_that_its_tool_reads() -> None:
    for tool, keys in usual_table().tools.items():
        known = table(tool)
        assert known is not None
        for name, seen in keys.items():
            key = known.find(name.removesuffix(OF_RANK))
            assert key is not None
            assert key.until is None
            assert all(one.values and sum(count for _, count in one.values) <= one.configs for one in seen)
