"""The report page in a real browser, opened from disk.

It needs npm, Chromium and the packages that `report/set_up.sh` fetches, so it runs only when it is asked for:

    TUNELINT_E2E=1 python -m pytest tests/e2e/test_report_page.py

`TUNELINT_REPORT_E2E` names the folder in which the packages are kept between runs; screenshots go to its folder `shots`.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.report.pages import ABOUT, Page, chat
from tunelint.dev.plot import ASSETS, bundle

HERE = Path(__file__).parent / "report"
FOLDER = Path(os.environ.get("TUNELINT_REPORT_E2E") or Path(tempfile.gettempdir()) / "tunelint-report-page")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.skipif(not os.environ.get("TUNELINT_E2E"), reason="a real browser is driven with TUNELINT_E2E=1 only"),
    pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed"),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]

CONFIG = """\
base_model: meta-llama/Llama-3.1-8B
datasets:
  - path: train.jsonl
    type: chat_template
adapter: lora
lora_r: 16
lora_alpha: 32
sequence_len: 2048
micro_batch_size: 1
num_epochs: 3
optimizer: adamw_torch
learning_rate: 2e-4
bf16: true
output_dir: out
"""


def _train() -> str:
    moods = ("good", "poor", "mixed")
    words = ("fresh and fine", "dull and grey", "fine here but grey there")
    lines = [chat(f"review {number}: it was {words[number % 3]} <b>&amp;</b>", moods[number % 3]) for number in range(180)]
    return "".join(
        [
            *lines,
            lines[3],
            lines[3],
            lines[10],
            chat("review 20: it was fine here but grey there <b>&amp;</b>", "good"),
            chat("empty", ""),
        ]
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a page of two datasets and a config, as a user does."""
    here = tmp_path_factory.mktemp("a page #1")
    train = _train()
    (here / "train.jsonl").write_text(train, encoding="utf-8")
    (here / "valid.jsonl").write_text("".join(train.splitlines(keepends=True)[:60]), encoding="utf-8")
    (here / "axolotl.yaml").write_text(CONFIG, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "tunelint",
        "report",
        "train.jsonl",
        "valid.jsonl",
        "axolotl.yaml",
        "-o",
        "report.html",
        "--isolated",
    ]
    done = subprocess.run([*command, "--limit", "60"], cwd=here, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert ABOUT.version not in done.stderr
    return here


@pytest.fixture(scope="module")
def page(folder: Path) -> Page:
    return Page((folder / "report.html").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def seen(folder: Path) -> Any:
    if not (FOLDER / "ready").exists():
        subprocess.run(["bash", str(HERE / "set_up.sh"), str(FOLDER)], check=True, timeout=300)
    (FOLDER / "shots").mkdir(exist_ok=True)
    environment = os.environ | {"CHROMIUM": str(CHROMIUM), "SEARCHED": "review 17 poor"}
    command = ["node", str(HERE / "look.mjs"), str(folder / "report.html"), str(FOLDER / "shots")]
    done = subprocess.run(command, cwd=FOLDER, env=environment, capture_output=True, text=True, check=False, timeout=150)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_page_asks_for_nothing_and_complains_of_nothing(seen: Any) -> None:
    assert seen["problems"] == []
    assert seen["requests"] == []


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
def test_every_plot_is_drawn_with_its_numbers(seen: Any, page: Page, look: str) -> None:
    drawn = seen["looks"][look]["plots"]
    assert set(drawn) == set(page.plots)
    for name, one in drawn.items():
        data = page.data(name)
        assert one["tall"] > 60, name
        assert one["says"], name
        if one["kind"] == "lengths":
            assert one["bars"] == len(data["bars"])
            wanted = {(bar["part"], bar["records"]) for bar in data["bars"]}
            assert {(title.split(":")[0], int(title.split(": ")[1].split(" ")[0])) for title in one["titles"]} == wanted
            assert ("limit 60" in one["text"]) == bool(data["limits"])
        elif one["kind"] == "map":
            assert one["points"] == len(data["points"])
            assert one["rings"] == sum(bool(point["mark"]) for point in data["points"])
        elif one["kind"] == "duplicates":
            assert one["bars"] == len(data["bars"])
            assert {str(bar["records"]) for bar in data["bars"]} <= set(one["text"])
        elif one["kind"] == "curve":
            assert one["points"] == len(data["points"])
            assert one["lines"] == len({point["learner"] for point in data["points"]})
            assert f"{100 * data['points'][0]['score']:.1f}%" in one["titles"][0]
        elif one["kind"] == "money":
            assert one["lines"] == len(data["ways"])
            assert one["even"] == len(data["even"])
        elif one["kind"] == "overlap":
            assert one["bars"] == 2 * len(data["bars"])
            assert {f"{bar['prompts']} prompts" for bar in data["bars"]} <= set(one["text"])
        else:
            assert one["kind"] == "memory"
            assert one["bars"] == len(data["parts"])
            assert one["titles"] == [f"{part['part']}: {part['gb']:.2f} GB" for part in data["parts"]]


def test_all_plots_are_there(page: Page) -> None:
    kinds = {one["kind"] for one in page.plots.values()}
    assert kinds == {"lengths", "map", "duplicates", "curve", "money", "overlap", "memory"}


def test_dark_is_dark_and_a_phone_needs_no_scrolling_aside(seen: Any) -> None:
    looks = seen["looks"]
    assert looks["light"]["ground"] == "rgb(246, 247, 249)"
    assert looks["dark"]["ground"] == "rgb(15, 19, 24)"
    assert looks["dark"]["plots"]["map-0"]["tall"] == looks["light"]["plots"]["map-0"]["tall"]
    assert looks["dark"]["plots"]["curve-0"]["ink"] != looks["light"]["plots"]["curve-0"]["ink"]
    assert not [name for name, look in looks.items() if look["wide"]]


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
def test_nothing_is_in_the_way_of_anybody(seen: Any, look: str) -> None:
    assert seen["rules"] > 20
    assert [fault for fault in seen["looks"][look]["axe"] if fault.startswith(("serious", "critical"))] == []


def test_the_keyboard_does_it_all(seen: Any, page: Page) -> None:
    assert seen["first"] == "Skip to the report"
    assert seen["skipped"] == "#main"
    assert seen["opened"]
    rows = page.section("records-0").all("tr")[1:]
    wanted = [row for row in rows if all(word in row.text.lower() for word in ("review", "17", "poor"))]
    assert wanted
    assert seen["searched"] == {"shown": len(wanted), "said": f"{len(wanted)} shown"}
    assert seen["flagged"] == sum(row.attributes["data-worst"] != "4" for row in rows)
    assert seen["copied"] in {"Copied", "Selected: press Ctrl+C"}


def test_pointing_at_a_record_shows_its_text(seen: Any) -> None:
    assert "review" in seen["tip"]
    assert "<b>&amp;</b>" in seen["tip"]


def test_print_has_no_controls(seen: Any) -> None:
    assert seen["print"] == {"nav": "none", "ground": "rgb(255, 255, 255)"}
    assert (FOLDER / "shots" / "page.pdf").read_bytes().startswith(b"%PDF")


def test_a_web_view_asks_the_editor(seen: Any, folder: Path, page: Page) -> None:
    """The first place is clicked, the second one opened by keyboard; none has an address that the editor would open as well."""
    places = [int(str(one.attributes["data-line"])) for one in page.section("records-0").all("a")[:2]]
    path = str(folder / "train.jsonl")
    assert seen["asked"] == [{"command": "open", "path": path, "line": line, "column": 1} for line in places]
    assert seen["addresses"] == 0


def test_the_plotting_library_is_what_its_packages_make(tmp_path: Path) -> None:
    script, licences = bundle(tmp_path)
    assert script == (ASSETS / "plot.js").read_text(encoding="utf-8")
    assert licences == (ASSETS / "plot.LICENSE.txt").read_text(encoding="utf-8")
