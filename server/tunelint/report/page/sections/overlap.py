"""What two datasets have in common: examples that stand in both, and prompts that do."""

from collections.abc import Sequence
from itertools import permutations
from typing import Final, NamedTuple

from tunelint.report.page.figure import figure
from tunelint.report.page.html import data_table, joined, tag
from tunelint.report.page.reading import Reading
from tunelint.report.page.subject import Plot, Section, place

__all__ = ["section"]

_SHOWN: Final = 10


class _Bar(NamedTuple):
    """How many records of a pair's first file there are, and how many have an example or a prompt of the second."""

    pair: str
    records: int
    examples: int
    prompts: int


def section(readings: Sequence[Reading]) -> Section | None:
    """Return the overlap of each dataset with each other one; None for a single dataset."""
    if len(readings) < 2:
        return None
    rows, bars, places = [], list[_Bar](), []
    for one, other in permutations(readings, 2):
        examples, prompts = _shared(one, other)
        records = len(one.keys.handles)
        share = len(prompts) / records if records else 0.0
        rows.append((f"{one.subject.name} in {other.subject.name}", records, len(examples), len(prompts), f"{share:.1%}"))
        bars.append(_Bar(f"{one.subject.name} in {other.subject.name}", records, len(examples), len(prompts)))
        origins = one.origins(prompts[:_SHOWN])
        places += [place(one.subject.path, one.subject.name, at.line, at.column) for at in origins.values()]
    plot = Plot("overlap", {"bars": [one._asdict() for one in bars]})
    most = max(bars, key=lambda bar: bar.prompts)
    said = (
        f"Bars of the records of one file that stand in another. Most: {most.prompts:,} of {most.records:,} "
        f"records have a prompt of the other file ({most.pair})."
    )
    heads = ("file", "records", "same example", "same prompt", "share")
    table = data_table("Records of one file whose example or prompt stands in another", heads, rows)
    note = (
        "Examples are compared after decoding; the same prompt counts whatever its answer. What is evaluated on must not be "
        "trained on."
    )
    shown = [tag("p", "Such records:"), tag("ul", *(tag("li", one) for one in places), class_="places columns")] if places else []
    return Section("overlap", "Do the files overlap?", joined((figure(plot, said, note, table), *shown)), (plot,))


def _shared(one: Reading, other: Reading) -> tuple[list[int], list[int]]:
    """Return the records of a dataset whose example stands in another one, and those whose prompt does."""
    import numpy as np

    found = []
    for mine, theirs in ((one.keys.identities, other.keys.identities), (one.keys.prompts, other.keys.prompts)):
        mask = np.isin(np.array(mine, dtype=np.uint64), np.array(theirs, dtype=np.uint64))
        found.append(np.array(one.keys.handles, dtype=np.int64)[mask].tolist())
    return found[0], found[1]
