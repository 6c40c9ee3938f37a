"""Datasets that configs name: what is found, what is missing, and what nobody can look at."""

from pathlib import Path

import pytest

from tests.linting import RECOMMENDED, config_linter
from tunelint.engine.config import decode, open_config
from tunelint.engine.disk_files import DiskFiles
from tunelint.engine.memory_files import MemoryFiles
from tunelint.engine.project import Linker
from tunelint.rules.base import Link

ROWS = b"".join(b'{"instruction": "Name colour %d", "output": "Green"}\n' % number for number in range(30))
AXOLOTL = """\
base_model: meta-llama/Llama-3.1-8B
datasets:
  - path: {path}
    type: alpaca
    {more}
sequence_len: 512
micro_batch_size: 1
learning_rate: 0.0002
adapter: lora
val_set_size: 0.05
"""


def link(path: str, more: str = "shards: 1", files: dict[str, bytes] | None = None, name: str = "configs/run.yaml") -> Link:
    config = open_config(AXOLOTL.format(path=path, more=more), name)
    assert config is not None
    return Linker(MemoryFiles(files if files is not None else {"configs/data/a.jsonl": ROWS, "b.jsonl": ROWS})).link(
        config, lengths=True
    )


@pytest.mark.parametrize(
    ("path", "more", "state", "files"),
    [
        ("data/a.jsonl", "", "found", ("configs/data/a.jsonl",)),
        ("b.jsonl", "", "found", ("b.jsonl",)),
        ("./b.jsonl", "", "found", ("b.jsonl",)),
        ("data/*.jsonl", "", "found", ("configs/data/a.jsonl",)),
        ("data", "", "found", ("configs/data/a.jsonl",)),
        ("json", "data_files: data/a.jsonl", "found", ("configs/data/a.jsonl",)),
        ("data/c.jsonl", "", "missing", ()),
        ("json", "data_files: [c.jsonl]", "missing", ()),
        ("tatsu-lab/alpaca", "", "elsewhere", ()),
        ("org/name", "data_files: train/a.jsonl.zst", "elsewhere", ()),
        ("alpaca", "", "elsewhere", ()),
        ("s3://bucket/a.jsonl", "", "elsewhere", ()),
        ("https://host/a.jsonl", "", "elsewhere", ()),
        ("/workspace/data/a.jsonl", "", "elsewhere", ()),
        ("${DATA}/a.jsonl", "", "elsewhere", ()),
        ("D:\\data\\a.jsonl", "", "elsewhere", ()),
        ("D:/data/a.jsonl", "", "elsewhere", ()),
        (r"\\server\share\a.jsonl", "", "elsewhere", ()),
    ],
)
def test_where_a_dataset_is(path: str, more: str, state: str, files: tuple[str, ...]) -> None:
    one = link(path, more).train[0]
    assert (one.state, one.files) == (state, files)
    assert (one.summary is not None) == (state == "found")


def test_what_is_known_of_a_dataset() -> None:
    found = link("b.jsonl")
    summary = found.train[0].summary
    assert summary is not None
    assert (summary.format, summary.records, summary.counted, len(summary.lengths)) == ("alpaca", 30, 30, 30)
    assert found.rows == 29


def test_rows_are_unknown_unless_all_data_is() -> None:
    assert link("org/name").rows is None


@pytest.mark.parametrize("data", [b"", b"\x00\xff\x00", b"{", b"PAR1"])
def test_data_that_cannot_be_read_is_no_crash(data: bytes) -> None:
    linter = config_linter(AXOLOTL.format(path="x.jsonl", more="shards: 1"), RECOMMENDED, "run.yaml", beside={"x.jsonl": data})
    assert linter is not None
    assert [one for one in linter.report().skipped if "crashed" in one.reason] == []


def test_equal_files_under_two_names_are_one() -> None:
    text = AXOLOTL.format(path="a.jsonl", more="shards: 1").replace(
        "val_set_size: 0.05", "test_datasets: [{path: b.jsonl, type: alpaca}]"
    )
    linter = config_linter(text, {"LNK004"}, "run.yaml", beside={"a.jsonl": ROWS, "b.jsonl": ROWS})
    assert linter is not None
    assert [(one.code, one.at) for one in linter.report().diagnostics] == [("LNK004", "test_datasets[0].path")]


def test_the_disk_is_searched_upwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "configs" / "deep").mkdir(parents=True)
    (tmp_path / "b.jsonl").write_bytes(ROWS)
    monkeypatch.chdir(tmp_path)
    path = Path("configs/deep/run.yaml")
    path.write_text(AXOLOTL.format(path="b.jsonl", more="shards: 1"))
    config = open_config(decode(path.read_bytes()), str(path))
    assert config is not None
    assert Linker(DiskFiles()).link(config, lengths=False).train[0].files == ("b.jsonl",)
    assert DiskFiles().kind("b.jsonl\x00") == ""
    assert DiskFiles().find(".", "[") == []
