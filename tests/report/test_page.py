"""The page says what the tool says, and no value of a dataset is ever more than text in it."""

import base64
import hashlib
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.advice.test_measured import measured
from tests.linting import lint
from tests.report.pages import ABOUT, Page, chat, page_of, subject, tree
from tests.shared_data import shared_data
from tunelint.advice.files import MEASURED
from tunelint.advice.measured import add_measured, content_key
from tunelint.costs.dataset import Buyer, DatasetCounts, dataset_report
from tunelint.costs.prices import PriceBook
from tunelint.costs.use import Use
from tunelint.formats import all_formats
from tunelint.report import page as package
from tunelint.report.page import LARGEST, Subject, page
from tunelint.report.page.html import Html, data_table, editor_link, excerpt, tag
from tunelint.report.page.layout import script_data
from tunelint.report.page.projection import grouped, project, reduced
from tunelint.report.page.reading import read
from tunelint.report.page.sections.lengths import bins_of

SPITE = [
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script>",
    "<img src=x onerror=alert(3)>",
    '" onmouseover="alert(4)',
    "' autofocus onfocus='alert(5)",
    "<!-- <script>",
    "]]>",
    "&lt;b&gt; &amp; &#60;",
    "</title></style></pre></table>",
    "javascript:alert(6)",
    "\u2028\u2029\u202e\u0000\ud83d",
    "{{constructor}}${alert(7)}`",
]
ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "a", "header", "h1", "h2", "h3", "p", "div", "section", "nav", "ul", "ol", "li", "main", "script", "span", "strong", "svg", "rect", "path", "table", "caption", "thead", "tbody", "tr", "th", "td", "details", "summary", "figure", "figcaption", "code", "mark", "button", "pre", "label", "input", "output",
}  # fmt: skip


def _labels(count: int = 60) -> str:
    return "".join(
        chat(f"sentence number {number} is {'fine' if number % 3 else 'bad'}", "good" if number % 3 else "poor")
        for number in range(count)
    )


@pytest.fixture(scope="module")
def labels() -> Page:
    return page_of(subject(_labels()))


def _hostile() -> str:
    lines = [chat(f"{one} {number}", f"{one}", system=one) for one in SPITE for number in range(6)]
    lines += [json.dumps({"messages": [{"role": one, "content": one}], one: one}) + "\n" for one in SPITE]
    lines += [f"{one}\n" for one in SPITE[:3]]
    return "".join(lines + lines[:9])


def test_a_dataset_full_of_scripts_is_only_text() -> None:
    name = 'a"><script>alert(8)</script>.jsonl'
    shown = page_of(subject(_hostile(), name), subject(_hostile(), "other.jsonl"))
    everything = shown.root.all()
    assert {one.name for one in everything} <= ELEMENTS
    assert len(shown.root.all("script")) == 3
    attributes = {key for one in everything for key in one.attributes}
    assert not [key for key in attributes if key.startswith("on") or key in {"style", "srcdoc", "autofocus"}]
    for link in shown.root.all("a"):
        assert str(link.attributes["href"]).startswith(("vscode://file/", "#"))
    assert "<script>alert(1)</script>" in shown.section("records-0").text
    assert any("<script>" in point["text"] for point in shown.data("map-0")["points"])


def test_only_the_scripts_of_the_package_may_run(labels: Page) -> None:
    (policy,) = [str(one.attributes["content"]) for one in labels.root.all("meta", http_equiv="Content-Security-Policy")]
    data, *scripts = labels.root.all("script")
    assert data.attributes == {"type": "application/json", "id": "data"}
    allowed = [f"'sha256-{base64.b64encode(hashlib.sha256(one.text.encode()).digest()).decode()}'" for one in scripts]
    assert dict(part.strip().split(" ", 1) for part in policy.split(";")) == {
        "default-src": "'none'", "script-src": " ".join(allowed), "style-src": "'unsafe-inline'", "base-uri": "'none'", "form-action": "'none'",
    }  # fmt: skip
    assert "http" not in (labels.root.all("style")[0].text + labels.root.all("script")[2].text).replace("http://www.w3.org", "")


@given(st.text(st.characters(codec=None)))
def test_text_stays_text(text: str) -> None:
    one = tag("p", text, title=text)
    (element,) = tree(one).all("p")
    assert one.encode("utf-8")
    assert len(tree(one).all()) == 1
    if text.isprintable():
        assert element.text == text
        assert element.attributes["title"] == text


@settings(max_examples=40)
@given(
    st.recursive(
        st.text(st.characters(codec="utf-8")) | st.integers() | st.booleans(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_data_comes_out_as_it_went_in_and_ends_no_element(value: object) -> None:
    text = script_data(value)
    assert json.loads(text) == value
    assert not set(text) & set("<>&\u2028\u2029")


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("/data/train.jsonl", "vscode://file/data/train.jsonl:3:7"),
        ("/a b/ü#1?%.jsonl", "vscode://file/a%20b/%C3%BC%231%3F%25.jsonl:3:7"),
        ("C:\\data\\x.jsonl", "vscode://file/C:/data/x.jsonl:3:7"),
        ("/odd\udcff.jsonl", "vscode://file/odd%FF.jsonl:3:7"),
    ],
)
def test_links_open_the_place_in_the_editor(path: str, link: str) -> None:
    assert editor_link(path, 3, 7) == link


def test_credentials_are_dots() -> None:
    key = "AKIA" + "QXZ7RKJ3MWBVNT5L"
    shown = page_of(
        subject("".join(chat(f"my key is {key} and number {number}", f"it is {key} {number}") for number in range(60)))
    )
    assert key not in shown.text
    assert key[-12:] not in shown.text
    assert "\u2022" in excerpt(f"{key} is mine", 40)


def test_cells_that_are_numbers_stand_at_the_right() -> None:
    root = tree(
        data_table("t", ("name", "n", "words", "share"), [("a", 1_000, "x", "5.0%"), ("b", 2, "3", "$1.20 ($1.00 to $2.00)")])
    )
    assert [cell.attributes.get("class") for cell in root.all("th", scope="col")] == [None, "number", None, "number"]
    assert root.rows("t") == [["a", "1,000", "x", "5.0%"], ["b", "2", "3", "$1.20 ($1.00 to $2.00)"]]


def test_markup_is_not_escaped_twice() -> None:
    assert tag("p", Html("<b>x</b>"), "<", None) == "<p><b>x</b>&lt;</p>"


def test_the_verdict_is_that_of_the_tool_with_its_reasons(labels: Page) -> None:
    report = lint(_labels())
    assert report.opinion is not None
    section = labels.section("verdict-0")
    assert report.opinion.title in section.text.lower()
    assert report.opinion.says in section.text[0].lower() + section.text[1:] or report.opinion.says[1:] in section.text
    assert "60 different records; all of them were looked at" in section.text


def test_the_counts_are_those_of_the_linter() -> None:
    data = _labels() + chat("q", "") * 30 + "{broken\n" * 40
    report = lint(data)
    wanted: Counter[str] = Counter()
    for one in report.diagnostics:
        wanted[one.code] += one.count
    shown = page_of(subject(data))
    rules = shown.section("findings-0").all("details", class_="rule")
    assert {one.all("span", class_="code")[0].text: int(one.all("span", class_="count")[0].text) for one in rules} == wanted
    severities = [one.all("span")[0].text for one in rules]
    assert severities == sorted(severities, key=["error", "warning", "info", "hint"].index)
    first = rules[0].all("a")[0]
    assert first.text == f"train.jsonl:{first.attributes['data-line']}"
    assert first.attributes["data-path"] == str(Path("train.jsonl").absolute())


def test_lengths_are_counted_by_role_and_what_the_limit_cuts_is_said() -> None:
    lines = [chat(f"a question {number}", "word " * number, system="Be brief.") for number in range(1, 81)]
    shown = page_of(subject("".join(lines), limit=60))
    report = lint("".join(lines))
    assert report.tokens is not None
    data = shown.data("lengths-0")
    assert data["parts"] == ["whole example", "system", "user", "assistant"]
    for part in data["parts"]:
        assert sum(bar["records"] for bar in data["bars"] if bar["part"] == part) == 80
    rows = {row[0]: row[1:] for row in shown.section("lengths-0").rows("Tokens of an example by role")}
    assert rows["whole example"][1] == f"{report.tokens.total:,}"
    assert rows["assistant"][1] == f"{report.tokens.trained:,}"
    over = lint("".join(lines), ["TOK001"], limit=60, keep_all=True).diagnostics
    assert f"{len(over)} examples" in shown.section("lengths-0").text
    assert data["limits"] == [{"tokens": 60, "label": "limit 60"}]


@given(st.dictionaries(st.integers(0, 200_000), st.integers(1, 50), min_size=1, max_size=60))
def test_every_length_lies_in_one_bin(counts: dict[int, int]) -> None:
    from tunelint.report.page.sections.lengths import _binned

    edges = bins_of({"whole example": counts})
    bins = _binned(counts, edges)
    assert edges == sorted(set(edges))
    assert len(edges) <= 42
    assert sum(count for _, _, count in bins) == sum(counts.values())
    assert edges[0] <= max(min(counts), 1)
    assert max(counts) < edges[-1]
    for low, high, count in bins:
        inside = sum(number for size, number in counts.items() if low <= size < high or (size < edges[0] and low == edges[0]))
        assert count == inside


def test_the_map_shows_each_record_with_its_label(labels: Page) -> None:
    data = labels.data("map-0")
    assert sorted(data["groups"]) == ["good", "poor"]
    assert len(data["points"]) == 60
    lines = _labels().splitlines()
    for point in data["points"]:
        record = json.loads(lines[point["line"] - 1])["messages"]
        assert (point["text"], data["groups"][point["group"]]) == (record[0]["content"], record[1]["content"])
        assert 0 <= point["x"] <= 1
        assert 0 <= point["y"] <= 1
    assert labels.section("map-0").rows("Records on the map") == [["good", "40", "66.7%"], ["poor", "20", "33.3%"]]


def test_copies_and_contradictions_are_marked_on_the_map_and_gathered_in_clusters() -> None:
    lines = _labels().splitlines(keepends=True)
    data = "".join([*lines, lines[4], lines[4], lines[7], chat("sentence number 9 is bad", "good")])
    shown = page_of(subject(data))
    marks = {point["line"]: point["mark"] for point in shown.data("map-0")["points"] if point["mark"]}
    assert marks[5] == "copied"
    assert marks[8] == "copied"
    assert marks[64] == "contradicted"
    bars = shown.data("duplicates-0")["bars"]
    assert [(bar["records"], bar["line"]) for bar in bars] == [(3, 5), (2, 8)]
    text = shown.section("duplicates-0").text
    assert "3 copies" in text
    assert "1 record gives a prompt another answer" in text


def test_projection_is_deterministic_and_keeps_neighbours() -> None:
    import numpy as np

    rows = np.zeros((90, 64), np.float32)
    for row in range(90):
        rows[row, row % 3] = 1
        rows[row, 3 + row % 61] = 0.2
    components = reduced(rows)
    plane = project(components)
    assert np.array_equal(plane, project(reduced(rows)))
    distances = ((plane[:, None] - plane[None]) ** 2).sum(2)
    np.fill_diagonal(distances, 9)
    assert (distances.argmin(1) % 3 == np.arange(90) % 3).mean() > 0.95
    groups = grouped(components, 3)
    assert len({(int(groups[row]), row % 3) for row in range(90)}) == 3


@pytest.mark.parametrize("rows", [1, 2, 12, 31])
def test_few_and_equal_vectors_can_be_laid_out(rows: int) -> None:
    import numpy as np

    plane = project(reduced(np.ones((rows, 8), np.float32)))
    assert plane.shape == (rows, 2)
    assert np.isfinite(plane).all()


def test_what_stands_in_both_files_is_counted() -> None:
    train = _labels()
    lines = train.splitlines(keepends=True)
    valid = "".join([*lines[:4], chat("sentence number 9 is bad", "good"), chat("something else", "good")])
    shown = page_of(subject(train, "train.jsonl"), subject(valid, "valid.jsonl"))
    assert shown.section("overlap-2").rows("Records of one file") == [
        ["train.jsonl in valid.jsonl", "60", "4", "5", "8.3%"],
        ["valid.jsonl in train.jsonl", "6", "4", "5", "83.3%"],
    ]
    assert [one["prompts"] for one in shown.data("overlap-2")["bars"]] == [5, 5]
    assert "valid.jsonl:5" in [link.text for link in shown.section("overlap-2").all("a")]
    assert not page_of(subject(train)).has("overlap-1")


def test_words_of_a_template_name_no_topic() -> None:
    subjects = ["rivers floods bridges", "violins concerts scores", "harvest tractors barns"]
    lines = [
        chat(
            f"Summarize this dialogue about {subjects[number % 3]} part {number}",
            f"It is about {subjects[number % 3]}, told at length.",
        )
        for number in range(60)
    ]
    groups = page_of(subject("".join(lines))).data("map-0")["groups"]
    assert len(groups) > 1
    assert not any(word in name for name in groups for word in ("summarize", "dialogue"))


def test_lines_without_a_record_are_not_counted_as_records() -> None:
    text = page_of(subject(_labels(12).replace("\n", "\n\n", 1))).section("records-0").text
    assert "All 12 records and 1 line without one" in text
    assert "13 shown" in text


def test_the_curve_has_intervals_around_its_scores() -> None:
    shown = page_of(subject(_labels(200)))
    points = shown.data("curve-0")["points"]
    assert {point["learner"] for point in points} == {"nearest example", "linear model"}
    assert all(0 <= point["low"] <= point["score"] <= point["high"] <= 1 for point in points)
    few = page_of(subject(_labels(30)))
    assert "curve-0" not in few.plots
    assert "fewer than 50" in few.section("curve-0").text


def test_costs_are_those_of_the_cost_command() -> None:
    from datetime import date

    data = _labels(200)
    use = "prompt_tokens:3000,calls_per_month:20000"
    shown = page_of(subject(data, target="openai/gpt-4.1-mini", costs=use))
    totals = [
        int(row[2].replace(",", ""))
        for row in shown.section("lengths-0").rows("Tokens of an example")
        if row[0] == "whole example"
    ]
    report = lint(data)
    assert report.tokens is not None
    mean, rest = divmod(totals[0], 200)
    counts = DatasetCounts(
        lengths=[mean + 1] * rest + [mean] * (200 - rest), trained=report.tokens.trained, encoding="o200k_base"
    )
    buyer = Buyer(provider="openai", title="OpenAI", model="gpt-4.1-mini")
    wanted = dataset_report("x", counts, buyer, Use(prompt_tokens=3000, calls_per_month=20000), PriceBook(), date(2026, 11, 25))
    rows = {row[0]: row[1:] for row in shown.section("money-0").rows("US dollars over 12 months")}
    for way in wanted.ways:
        assert way.one_off_usd is not None
        assert way.per_month_usd is not None
        year = way.one_off_usd.usd + 12 * way.per_month_usd.usd
        cell = rows[way.way][2].split(" ")[0]
        assert float(cell.replace("$", "").replace(",", "")) == pytest.approx(year, rel=0.01, abs=0.6)
    for one in shown.data("money-0")["even"]:
        first, second = (next(line for line in wanted.ways if line.way == one[key]) for key in ("first", "second"))
        costs = []
        for way in (first, second):
            assert way.one_off_usd is not None
            assert way.per_month_usd is not None
            costs.append(way.one_off_usd.usd + 12 * way.per_month_usd.usd * one["calls"] / 20_000)
        assert one["usd"] == pytest.approx(costs[0], rel=0.02)


def test_a_tool_for_ones_own_machine_has_no_prices() -> None:
    assert "because no provider is named" in page_of(subject(_labels(), target="trl")).section("money-0").text
    assert "because no provider is named" not in page_of(subject(_labels(), target="together")).section("money-0").text


def test_without_a_target_the_page_says_whose_prices_it_takes(labels: Page) -> None:
    assert "because no provider is named" in labels.section("money-0").text


def test_the_prompt_is_that_of_the_prompt_command(tmp_path: Path) -> None:
    file = tmp_path / "train.jsonl"
    file.write_text(_labels(), encoding="utf-8")
    command = [sys.executable, "-m", "tunelint", "prompt", str(file), "--isolated", "-q", "--output-format", "openai"]
    said = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    shown = page_of(subject(_labels()))
    copied = json.loads(shown.section("prompt-0").all("pre")[1].text)
    assert copied == said


def test_the_worst_records_come_first() -> None:
    data = _labels() + chat("hello there", "") + chat("q w e", "good") * 2 + "{broken\n"
    rows = page_of(subject(data)).section("records-0").all("tr")[1:]
    worst = [int(str(row.attributes["data-worst"])) for row in rows]
    assert worst == sorted(worst)
    assert worst[0] == 0
    assert len(rows) == 64
    assert "All 64 records" in page_of(subject(data)).section("records-0").text


def test_what_a_run_takes_is_shown_with_its_parts() -> None:
    from tunelint.costs.report import CostMemory, CostModel, CostReport, CostTime, MemoryParts

    parts = MemoryParts(
        weights=5,
        adapters=0.1,
        gradients=0.1,
        optimizer=0.2,
        gather=0,
        activations=9,
        logits=3,
        frozen=0,
        generation=0,
        context=0.5,
        fragmentation=1,
    )
    memory = CostMemory(18.9, 17.0, 20.8, "A10G", 24.1, "yes", None, parts)
    report = CostReport(
        path="a.yaml", model=CostModel("m", 8_000_000_000, 40_000_000), steps=None, tokens=None, memory=memory,
        time=CostTime(1.5, 1.0, 2.0, 900.0), money=None, break_even=None, ways=[], assumptions=["one"], missing=["two"],
    )  # fmt: skip
    shown = page_of(costs=[report])
    assert "18.9 GB (17.0 to 20.8) at the peak fits on 24.1 GB of A10G" in shown.section("run-0").text
    assert {one["part"]: one["gb"] for one in shown.data("run-0")["parts"]}["activations"] == 9
    assert shown.section("run-0").rows("What the peak is made of")[0] == ["activations", "9.00"]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\x00\xff\xfe", b"[", b'"x"\n', b"{}\n" * 3, "\ufeff".encode()])
def test_what_is_no_dataset_has_a_page_all_the_same(data: bytes) -> None:
    shown = page_of(subject(data))
    assert "No verdict" in shown.section("verdict-0").text
    assert shown.has("findings-0")


@pytest.mark.parametrize("form", sorted(all_formats()))
def test_every_format_has_a_page(form: str) -> None:
    from tunelint.dev.examples import blocks

    for block in blocks(all_formats()[form].page()):
        shown = page_of(subject(block.data, block.name, **block.options))
        assert shown.has("records-0")


def test_the_page_stays_small_whatever_the_file() -> None:
    spite = '<&"' * 200
    text = "".join(
        chat(f"{spite} {number} {'word ' * (number % 97)}", f"<answer {number % 900}>" * 30) for number in range(2_500)
    )
    shown = page_of(subject(text), subject(text[:200_000], "b.jsonl"))
    assert len(shown.text.encode()) <= LARGEST
    assert "of 2,500 different records" in shown.section("map-0").text
    assert "of 2,500 records" in shown.section("records-0").text


def test_a_page_above_the_limit_is_made_again_with_less(monkeypatch: pytest.MonkeyPatch) -> None:
    data = _labels(400)
    whole = page((subject(data),), ABOUT)
    monkeypatch.setattr(package, "LARGEST", len(whole) - 20_000)
    less = page((subject(data),), ABOUT)
    assert len(less) <= len(whole) - 20_000
    assert len(Page(less).section("records-0").all("tr")) < len(Page(whole).section("records-0").all("tr"))


def test_the_same_records_make_the_same_page() -> None:
    assert page((subject(_labels()),), ABOUT) == page((subject(_labels()),), ABOUT)


def test_progress_is_told_of_every_byte() -> None:
    data = _labels()
    told: list[tuple[str, int]] = []
    page((subject(data),), ABOUT, progress=lambda name, size: told.append((name, size)))
    assert {name for name, _ in told} == {"train.jsonl"}
    assert sum(size for _, size in told) == len(data) - 60


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=40)), min_size=1, max_size=14))
def test_any_texts_make_a_page(pairs: list[tuple[str, str]]) -> None:
    shown = page_of(subject("".join(chat(*pair) for pair in pairs)))
    assert {one.name for one in shown.root.all()} <= ELEMENTS


@pytest.mark.parametrize("name", ["clinc150", "glaive_toolcall", "medquad_faq"])
def test_real_datasets(name: str) -> None:
    path = shared_data("advice", f"{name}.jsonl")
    shown = page_of(subject(path.read_bytes()))
    assert len(shown.text.encode()) < LARGEST / 3
    assert set(shown.plots) >= {"lengths-0", "map-0", "curve-0", "money-0"}


def test_what_was_measured_is_shown_with_its_intervals(tmp_path: Path) -> None:
    data = _labels()
    one = subject(data)
    key = content_key(drawn.identity for drawn in read(one).sample)
    (tmp_path / MEASURED).write_text(add_measured((), measured(key)), encoding="utf-8")
    rows = (
        page_of(Subject(subject(data).source, one.request, tmp_path / "train.jsonl"))
        .section("verdict-0")
        .rows("Measured on 2026")
    )
    assert rows == [
        ["zero-shot, m", "20.0% (10.0% to 30.0%)", "20", "not known"],
        ["few-shot, m", "90.0% (80.0% to 100.0%)", "20", "not known"],
    ]
    other = page_of(Subject(subject(_labels(61)).source, one.request, tmp_path / "train.jsonl"))
    assert "Measured on" not in other.text
