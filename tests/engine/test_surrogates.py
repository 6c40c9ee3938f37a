"""Half surrogate pairs, which no encoding holds, end no run and no report."""

import pytest

from tests.engine.records import SURROGATES
from tests.linting import lint
from tunelint.core.run import Run
from tunelint.report import Style, formats, write
from tunelint.rules import all_rules


@pytest.mark.parametrize("record", SURROGATES)
@pytest.mark.parametrize("target", ["", "openai", "trl", "bedrock", "gemini", "llama-factory"])
def test_half_surrogate_pair_is_a_finding(record: str, target: str) -> None:
    report = lint(f"{record}\n{record}\n", set(all_rules()), target=target)
    assert report.skipped == []
    assert "JSN005" in {one.code for one in report.diagnostics}
    for name in formats():
        assert "".join(write(name, Run("1", [report]), Style(statistics=True)))
