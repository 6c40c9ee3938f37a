"""Configs and datasets that are open together: what is said of one because of the other follows the edits of both."""

from collections import deque
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from tunelint.analysis import messages
from tunelint.analysis.worker import Worker
from tunelint.core.diagnostic import Diagnostic
from tunelint.core.finding import Severity
from tunelint.settings.resolve import Overrides

CONFIG = """\
base_model: NousResearch/Meta-Llama-3-8B
datasets:
  - path: train.jsonl
    type: {type}
adapter: lora
lora_r: 16
learning_rate: 2e-4
sequence_len: {length}
val_set_size: 0.05
"""
FITS = CONFIG.format(type="chat_template", length=512)
SHORT = CONFIG.format(type="chat_template", length=40)
FOREIGN = CONFIG.format(type="alpaca", length=512)
ELSEWHERE = FITS.replace("train.jsonl", "other.jsonl")
NO_CONFIG = "jobs: {}\n"
ROW = '{"messages": [{"role": "user", "content": "What is %s?"}, {"role": "assistant", "content": "%s"}]}\n'
SMALL, LARGE = ROW % ("1", "It is one."), ROW % ("all", "and so on " * 80)
DATA = SMALL * 12 + LARGE * 8 + SMALL * 4


class Desk:
    """A worker with several documents of a folder, and a clock that runs only while it waits."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.texts: dict[str, str] = {}
        self.found: dict[str, messages.Found] = {}
        self._inbox: deque[messages.ToWorker] = deque()
        self._now = 0.0
        self._idle = False
        self._worker = Worker(self._news, lambda: bool(self._inbox), self._take, lambda: self._now)

    def _news(self, patience: float | None) -> messages.ToWorker | None:
        if self._inbox:
            return self._inbox.popleft()
        self._idle = patience is None
        self._now += patience or 0.0
        return None

    def _take(self, message: messages.FromWorker) -> None:
        if isinstance(message, messages.Found):
            self.found[message.uri] = message

    def open(self, name: str, text: str) -> None:
        path = self.folder / name
        self.texts[name] = text
        self._inbox.append(messages.Open(path.as_uri(), str(path), text, 1, Overrides()))

    def close(self, name: str) -> None:
        del self.texts[name]
        self._inbox.append(messages.Close((self.folder / name).as_uri()))

    def edit(self, name: str, start: tuple[int, int] | None, end: tuple[int, int] | None, text: str) -> None:
        lines = self.texts[name].splitlines(keepends=True)
        if start is None or end is None:
            self.texts[name] = text
        else:
            self.texts[name] = "".join([*lines[: start[0]], text, *lines[end[0] :]])
        self._inbox.append(messages.Edit((self.folder / name).as_uri(), 1, [messages.Change(start, end, text)]))

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")
        self._inbox.append(messages.Stale([str(self.folder / name)]))

    def run(self, steps: int = 100_000) -> None:
        """Let the worker work until it waits for ever, or only so many steps."""
        self._idle = False
        while steps and not (self._idle and not self._inbox):
            self._worker.step()
            steps -= 1

    def said(self, name: str, codes: tuple[str, ...] = ("LNK",)) -> list[Diagnostic]:
        found = self.found[(self.folder / name).as_uri()]
        return [one for one in found.diagnostics if one.code.startswith(codes)]


def desk(folder: Path, **texts: str) -> Desk:
    one = Desk(folder)
    for name, text in texts.items():
        one.open({"config": "run.yaml", "data": "train.jsonl"}[name], text)
    one.run()
    return one


def lines(found: Sequence[Diagnostic]) -> list[int]:
    return [one.line for one in found]


def test_records_that_are_too_long_are_marked_in_the_dataset(tmp_path: Path) -> None:
    one = desk(tmp_path, config=SHORT, data=DATA)
    (fault,) = one.said("run.yaml")
    assert (fault.code, fault.severity) == ("LNK003", Severity.ERROR)
    marks = one.said("train.jsonl")
    assert lines(marks) == list(range(13, 21))
    assert {(mark.code, mark.severity) for mark in marks} == {("LNK003", Severity.INFORMATION)}
    (back,) = marks[0].related
    assert (back.path, back.line) == (str(tmp_path / "run.yaml"), 8)
    assert "run.yaml" in marks[0].message
    facts = one.found[(tmp_path / "train.jsonl").as_uri()].facts
    assert sum(facts.counts.values()) == len(one.said("train.jsonl", ("",))) - len(marks)


def test_marks_move_with_the_lines_and_go_with_what_is_edited(tmp_path: Path) -> None:
    one = desk(tmp_path, config=SHORT, data=DATA)
    one.edit("train.jsonl", (0, 0), (0, 0), SMALL * 2)
    one.edit("train.jsonl", (15, 0), (16, 0), SMALL)
    one.run(3)
    assert lines(one.said("train.jsonl")) == [15, *range(18, 23)]  # the edit reaches the beginning of line 17
    one.run()
    assert lines(one.said("train.jsonl")) == [15, *range(17, 23)]


def test_the_first_record_shows_that_the_format_is_another_one(tmp_path: Path) -> None:
    one = desk(tmp_path, config=FOREIGN, data="\n" + DATA)
    assert [fault.code for fault in one.said("run.yaml")] == ["LNK002"]
    (mark,) = one.said("train.jsonl")
    assert (mark.code, mark.line) == ("LNK002", 2)


def test_marks_follow_the_config_and_go_with_it(tmp_path: Path) -> None:
    one = desk(tmp_path, config=SHORT, data=DATA)
    for text in (FITS, SHORT, ELSEWHERE, SHORT, NO_CONFIG, SHORT):
        one.edit("run.yaml", None, None, text)
        one.run()
        assert bool(one.said("train.jsonl")) == (text == SHORT), text
    one.close("run.yaml")
    one.run()
    assert one.said("train.jsonl") == []


def test_the_file_counts_again_when_its_document_is_closed(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_text(SMALL * 24, encoding="utf-8")
    one = desk(tmp_path, config=SHORT, data=DATA)
    assert one.said("run.yaml")
    one.close("train.jsonl")
    one.run()
    assert one.said("run.yaml") == []
    one.write("train.jsonl", DATA)
    one.run()
    assert one.said("run.yaml")


def test_a_settings_file_beside_the_data_silences_its_side(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "tunelint.toml").write_text('ignore = ["LNK003"]\n', encoding="utf-8")
    one = Desk(tmp_path)
    one.open("run.yaml", SHORT.replace("train.jsonl", "data/train.jsonl"))
    one.open("data/train.jsonl", DATA)
    one.run()
    assert one.said("run.yaml")
    assert one.said("data/train.jsonl") == []


def test_marks_are_not_lost_on_a_document_that_was_not_looked_at_yet(tmp_path: Path) -> None:
    """The config's turn may come before that of a dataset which was just opened, whose lines are not there to mark."""
    one = desk(tmp_path, config=SHORT, data=DATA)
    one.edit("train.jsonl", (13, 0), (13, 0), "")
    one.run(4)
    one.close("train.jsonl")
    one.open("train.jsonl", DATA)
    one.edit("train.jsonl", (7, 0), (8, 0), SMALL)
    one.run()
    assert lines(one.said("train.jsonl")) == list(range(13, 21))


def test_a_registry_that_is_edited_is_read_again(tmp_path: Path) -> None:
    config = (
        "model_name_or_path: Qwen/Qwen3-8B\nstage: sft\nfinetuning_type: lora\ntemplate: qwen3\ndataset: mine\n"
        "learning_rate: 1.0e-4\noutput_dir: out\n"
    )
    (tmp_path / "data").mkdir()
    one = Desk(tmp_path)
    one.open("run.yaml", config)
    one.open("data/dataset_info.json", '{"other": {"hf_hub_url": "org/other"}}')
    one.run()
    assert [fault.code for fault in one.said("run.yaml")] == ["LNK001"]
    one.edit("data/dataset_info.json", None, None, '{"mine": {"hf_hub_url": "org/mine"}}')
    one.run()
    assert one.said("run.yaml") == []


class Act(NamedTuple):
    """What a user does: with a config's text, with lines of the dataset, or with the file on the disk."""

    what: str
    text: str = ""
    first: int = 0
    last: int = 0


CONFIGS = st.sampled_from([FITS, SHORT, FOREIGN, ELSEWHERE, NO_CONFIG])
ROWS = st.sampled_from(["", SMALL, LARGE, SMALL + LARGE, "{\n", '{"instruction": "a", "output": "b"}\n'])
ACTS = st.lists(
    st.one_of(
        st.builds(Act, st.sampled_from(["config", "config", "close config"]), CONFIGS),
        st.builds(Act, st.just("data"), ROWS, st.integers(0, 26), st.integers(0, 2)),
        st.builds(Act, st.sampled_from(["close data", "disk"]), st.sampled_from([DATA, SMALL * 30])),
    ),
    max_size=8,
)


def _carry_out(one: Desk, act: Act) -> None:
    if act.what == "config":
        if "run.yaml" in one.texts:
            one.edit("run.yaml", None, None, act.text)
        else:
            one.open("run.yaml", act.text)
    elif act.what == "data":
        if "train.jsonl" not in one.texts:
            one.open("train.jsonl", DATA)
        count = len(one.texts["train.jsonl"].splitlines())
        first = min(act.first, count)
        one.edit("train.jsonl", (first, 0), (min(first + act.last, count), 0), act.text)
    elif act.what == "disk":
        one.write("train.jsonl", act.text)
    elif (name := {"close config": "run.yaml", "close data": "train.jsonl"}[act.what]) in one.texts:
        one.close(name)


@given(acts=ACTS, pauses=st.lists(st.integers(0, 6), min_size=8, max_size=8), backwards=st.booleans())
@settings(max_examples=40, deadline=None)
def test_what_is_said_does_not_depend_on_how_it_came_to_be(acts: list[Act], pauses: list[int], backwards: bool) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "train.jsonl").write_text(DATA, encoding="utf-8")
        followed = desk(folder, config=SHORT, data=DATA)
        for act, pause in zip(acts, pauses, strict=False):
            _carry_out(followed, act)
            followed.run(pause)
        followed.run()
        fresh = Desk(folder)
        for file in sorted(followed.texts, reverse=backwards):
            fresh.open(file, followed.texts[file])
        fresh.run()
        for file in followed.texts:
            assert followed.said(file) == fresh.said(file), file
