"""Runs to report on: a real one, and ones with odd words in them."""

from pathlib import Path

from hypothesis import strategies as st

from tests.linting import lint
from tunelint.core.diagnostic import Diagnostic, Excerpt, FileReport, PlacedFix, RelatedPlace, Skipped, TextEdit, Unread
from tunelint.core.finding import Severity
from tunelint.core.run import Run

ROOT = Path(__file__).parents[2]


def real_run() -> Run:
    """Return what is said of the examples."""
    files = [lint((ROOT / "examples" / name).read_bytes(), name=f"examples/{name}") for name in ("train.jsonl", "clean.jsonl")]
    return Run("1.2.3", files, [Skipped("MED004", "nobody can look", "a b.jsonl")])


PATHS = ["train.jsonl", "a b/ü:,%.jsonl", "C:\\data\\x.jsonl", "./x.jsonl", "/tmp/x.jsonl", "\udcff.jsonl", "a\nb.jsonl"]
_WORDS = st.text(st.characters(codec=None), min_size=1, max_size=30)
_PLACES = st.integers(1, 10**6)


@st.composite
def _diagnostics(draw: st.DrawFn) -> Diagnostic:
    line, column = draw(_PLACES), draw(_PLACES)
    edit = TextEdit(line, column, line, column + 1, draw(_WORDS))
    excerpt = draw(_WORDS)
    return Diagnostic(
        code=draw(st.sampled_from(["CHT003", "DUP001", "JSN001"])),
        name="some-name",
        severity=draw(st.sampled_from(list(Severity))),
        path=draw(st.sampled_from(PATHS)),
        line=line,
        column=column,
        end_line=line,
        end_column=column + draw(st.integers(0, 5)),
        at=draw(st.sampled_from(["", "messages[0].content"])),
        message=draw(_WORDS),
        help=draw(st.one_of(st.just(""), _WORDS)),
        related=tuple(draw(st.lists(st.builds(RelatedPlace, st.just("train.jsonl"), _PLACES, _PLACES, _WORDS), max_size=5))),
        fix=draw(st.sampled_from([None, PlacedFix("mend it", "safe", (edit,)), PlacedFix("drop it", "unsafe", ())])),
        count=draw(st.integers(1, 500)),
        evidence=draw(st.sampled_from([None, {"share": 0.5}, {"text": "\ud83d", "limit": float("nan")}])),
        excerpt=draw(st.sampled_from([None, Excerpt(excerpt, 0, min(3, len(excerpt)))])),
        fingerprint=draw(st.sampled_from(["0123456789abcdef", "fedcba9876543210"])),
    )


RUNS = st.builds(
    lambda ones, unread: Run("1.2.3", [FileReport("train.jsonl", format="text", records=3, diagnostics=ones)], unread=unread),
    st.lists(_diagnostics(), max_size=4),
    st.lists(st.builds(Unread, st.sampled_from(PATHS), _WORDS), max_size=2, unique_by=lambda one: one.path),
)
