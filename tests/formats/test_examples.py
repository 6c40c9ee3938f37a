"""The examples in the formats' docstrings are their first tests."""

import msgspec
import pytest

from tests.linting import linter
from tunelint.core.record import Record
from tunelint.dev.examples import Block, blocks
from tunelint.engine.linter import Linter
from tunelint.engine.sources.base import Batch
from tunelint.formats import Format, all_formats
from tunelint.text.spans import format_path

EXAMPLES = [
    (f"{name}-{index}", form, block) for name, form in all_formats().items() for index, block in enumerate(blocks(form.page()))
]
GOOD = [pytest.param(form, block, id=name) for name, form, block in EXAMPLES if block.kind == "good"]
BAD = [pytest.param(form, block, id=name) for name, form, block in EXAMPLES if block.kind == "bad"]


def _records(one: Linter) -> list[tuple[Batch, int, Record]]:
    return [
        (batch, index, one.plan.reader.read(raw, batch.handle(index)))
        for batch in one.source.batches()
        for index, raw in enumerate(batch.rows)
    ]


@pytest.mark.parametrize(("form", "block"), GOOD)
def test_good_example_is_detected_and_has_no_fault(form: Format, block: Block) -> None:
    one = linter(block.data, (), block.name, **block.options)
    assert one.context.format is form
    for _, _, record in _records(one):
        assert record.faults == ()
        example = record.example
        assert example is not None
        assert example.all_turns or example.token_ids
        for turn in example.all_turns:
            assert record.parsed.find(turn.at) is not None
            assert turn.speaker in form.roles or not form.conversation


@pytest.mark.parametrize(("form", "block"), BAD)
def test_bad_example_has_its_faults(form: Format, block: Block) -> None:
    one = linter(block.data, (), block.name, **{"format": form.name} | block.options)
    found = [
        (batch.origin(index).line, format_path(fault.path)) for batch, index, record in _records(one) for fault in record.faults
    ]
    assert sorted(set(found)) == sorted(block.places)


@pytest.mark.parametrize("form", [pytest.param(form, id=name) for name, form in all_formats().items()])
def test_format_is_complete(form: Format) -> None:
    kinds = [block.kind for block in blocks(form.page())]
    assert "good" in kinds
    assert "bad" in kinds
    for row in form.rows:
        assert msgspec.json.schema(row)


@pytest.mark.parametrize("form", [pytest.param(form, id=name) for name, form in all_formats().items() if form.plain is not None])
def test_plain_row_is_read_like_the_full_one(form: Format) -> None:
    """A record reaches the same example on both roads."""
    assert form.plain is not None
    plain_seen = 0
    for block in blocks(form.page()):
        for line in block.data.splitlines():
            try:
                plain = msgspec.json.decode(line, type=form.plain)
            except msgspec.MsgspecError:
                continue
            plain_seen += 1
            full = next(row for row in [_converted(line, one) for one in form.rows] if row is not None)
            assert form.example(plain) == form.example(full)
            glance = form.glance(plain)
            assert glance.quotes == line.count(b'"') - line.count(b'\\"')
            if form.conversation:
                assert glance.speakers == form.example(full).speakers
    assert plain_seen, "an example of the plain shape"


def _converted(line: bytes, row: type[msgspec.Struct]) -> object:
    try:
        return msgspec.json.decode(line, type=row)
    except msgspec.MsgspecError:
        return None
