"""What is generated is up to date, and says what the code says."""

import json

import jsonschema
import pytest

from tests.linting import lint
from tunelint import __version__
from tunelint.core.run import Run
from tunelint.dev.examples import blocks
from tunelint.dev.generate import ROOT, generate
from tunelint.formats import Format, all_formats
from tunelint.report import Style, write
from tunelint.rules import all_rules


def test_nothing_generated_is_stale() -> None:
    assert generate(check=True) == [], "run `python -m tunelint.dev generate`"


@pytest.mark.parametrize("form", [pytest.param(form, id=name) for name, form in all_formats().items()])
def test_dataset_schema_accepts_good_examples_and_refuses_bad_shapes(form: Format) -> None:
    schema = json.loads((ROOT / "schemas" / "datasets" / f"{form.name}.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    for block in blocks(form.page()):
        if block.kind == "good" and not block.name.endswith(".json"):
            for line in block.data.splitlines():
                validator.validate(json.loads(line))
    assert not validator.is_valid({"nothing of": "this format"})


def test_report_schema_describes_reports() -> None:
    schema = json.loads((ROOT / "schemas" / "report.schema.json").read_text(encoding="utf-8"))
    report = lint((ROOT / "examples" / "train.jsonl").read_bytes(), name="examples/train.jsonl")
    assert len(report.diagnostics) > 5
    for style in (Style(), Style(statistics=True)):
        text = "".join(write("json", Run(__version__, [report]), style))
        jsonschema.Draft202012Validator(schema).validate(json.loads(text))


def test_every_rule_has_a_page_and_is_in_the_changelog() -> None:
    pages = {path.stem for path in (ROOT / "server" / "docs" / "rules").glob("[A-Z][A-Z][A-Z][0-9]*.md")}
    assert pages == set(all_rules())
