"""Names in programs are told from words, however long they are."""

import pytest

from tunelint.advice.reasons.words import is_identifier


@pytest.mark.parametrize(
    "name", ["--force", "-v", "--ignore-space-change", "foo_bar", "re.compile()", "getName", "a/b", "is-empty?"]
)
def test_names_in_programs(name: str) -> None:
    assert is_identifier(name)


@pytest.mark.parametrize(
    "text", ["force", "Force", "a name", "9-1", "well-known fact", "", "_", "a_" * 1_000 + " x", "a." * 1_000 + "!!"]
)
def test_what_is_none_is_told_at_any_length(text: str) -> None:
    assert not is_identifier(text)
