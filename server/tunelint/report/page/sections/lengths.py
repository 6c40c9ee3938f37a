"""How long the examples are, in tokens: all of them and by role, where the limits lie and what they cut."""

import math
from collections import Counter
from collections.abc import Mapping
from typing import Final

from tunelint.report.page.figure import figure
from tunelint.report.page.html import data_table, joined, tag
from tunelint.report.page.reading import Lengths, Reading
from tunelint.report.page.subject import Plot, Section

__all__ = ["bins_of", "section"]

_BINS: Final = 40
_WIDE: Final = 30
"""Bins are as many times longer as they lie further out where the 99th percentile is so many times the 5th."""

_COMMON: Final = (512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768)
"""Sequence lengths that trainers are mostly set to."""

_IN_SIGHT: Final = 1.2
"""A limit stands on the plot up to so many times the longest example: beyond, it would push the bars together."""

_QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)
_ROLES: Final = {"text": "text", "unknown": "other roles"}
_ORDER: Final = ("whole example", "system", "user", "assistant", "tool", "text", "other roles")


def section(reading: Reading) -> Section:
    """Return the distribution of the lengths."""
    lengths, context = reading.lengths, reading.linter.context
    title = "How long are the examples?"
    if not lengths.totals:
        return Section("lengths", title, tag("p", "No record could be counted."))
    parts: dict[str, Mapping[int, int]] = {"whole example": Counter(lengths.totals)}
    parts |= {_ROLES.get(role, role): counts for role, counts in lengths.by_role.items()}
    parts = {name: parts[name] for name in _ORDER if name in parts}
    edges = bins_of(parts)
    bars = [
        {"part": name, "from": low, "to": high, "records": count}
        for name, counts in parts.items()
        for low, high, count in _binned(counts, edges)
    ]
    limits = _limits(reading, edges[-1])
    plot = Plot("lengths", {"bars": bars, "parts": list(parts), "log": _is_wide(parts), "limits": limits})
    whole = parts["whole example"]
    said = (
        f"Histogram of tokens by example and by role. Half of the {len(lengths.totals):,} examples have at most "
        f"{_quantile(whole, 0.5):,} tokens, 95% at most {_quantile(whole, 0.95):,}, the longest {max(whole):,}."
    )
    table = data_table(
        "Tokens of an example by role: percentiles over the records that have the role",
        ("part", "records", "tokens", *(f"{share:.0%}" if share < 1 else "longest" for share in _QUANTILES)),
        [
            (name, sum(counts.values()), sum(size * count for size, count in counts.items()),
             *(_quantile(counts, share) for share in _QUANTILES))
            for name, counts in parts.items()
        ],
    )  # fmt: skip
    note = (
        f"Counted with {context.encoding}; a whole example includes what a chat template puts around its turns. "
        "Each row is as high as its own longest bar; point at a bar to read its count."
    )
    return Section("lengths", title, joined((_cut(lengths), figure(plot, said, note, table), _cuts(whole))), (plot,))


def bins_of(parts: Mapping[str, Mapping[int, int]]) -> list[float]:
    """Return the edges of bins that hold every length, of equal width or, where lengths differ widely, of equal ratio."""
    longest = max(max(counts) for counts in parts.values()) + 1
    if not _is_wide(parts):
        width = max(math.ceil(longest / _BINS), 1)
        return [float(width * step) for step in range(math.ceil(longest / width) + 1)]
    ratio = longest ** (1 / _BINS)
    edges = sorted({round(ratio**step) for step in range(_BINS)} | {1, longest})
    return [float(edge) for edge in edges]


def _is_wide(parts: Mapping[str, Mapping[int, int]]) -> bool:
    whole = parts["whole example"]
    return _quantile(whole, 0.99) > _WIDE * max(_quantile(whole, 0.05), 1)


def _binned(counts: Mapping[int, int], edges: list[float]) -> list[tuple[float, float, int]]:
    """Return bins with their counts; a length of 0 is counted in the first one."""
    from bisect import bisect_right

    found: Counter[int] = Counter()
    for size, count in counts.items():
        found[max(bisect_right(edges, size) - 1, 0)] += count
    return [(edges[index], edges[index + 1], found[index]) for index in sorted(found)]


def _quantile(counts: Mapping[int, int], share: float) -> int:
    """Return the length that at least such a share of the records does not exceed."""
    wanted = share * sum(counts.values())
    seen = 0
    for size in sorted(counts):
        seen += counts[size]
        if seen >= wanted - 1e-9:
            return size
    return max(counts)


def _limits(reading: Reading, longest: float) -> list[dict[str, object]]:
    """Return the limits worth a line, which lie in sight: the one that holds and, without one, those of common settings."""
    context = reading.linter.context
    if context.limit is not None and context.limit > longest * _IN_SIGHT:
        return []
    if context.limit is not None:
        return [{"tokens": context.limit, "label": f"limit {context.limit:,}"}]
    return [{"tokens": size, "label": f"{size:,}"} for size in _COMMON if longest / 4 <= size <= longest * _IN_SIGHT]


def _cut(lengths: Lengths) -> object:
    if lengths.limit is None:
        return tag("p", "No limit is set: --target PROVIDER/MODEL or --limit TOKENS says what would be cut.", class_="note")
    if not lengths.over:
        return tag("p", f"No example is longer than the limit of {lengths.limit:,} tokens.", class_="lead good")
    share = lengths.over / len(lengths.totals)
    return tag(
        "p",
        f"{lengths.over:,} examples ({share:.1%}) are longer than the limit of {lengths.limit:,} tokens, which cuts "
        f"{lengths.cut:,} tokens; of {lengths.unlearnt:,} nothing that is trained is left.",
        class_="lead bad",
    )


def _cuts(whole: Mapping[int, int]) -> object:
    if max(whole) <= _COMMON[0]:
        return tag("p", f"No example is longer than {_COMMON[0]:,} tokens.", class_="note")
    records, tokens = sum(whole.values()), sum(size * count for size, count in whole.items())
    rows = []
    for limit in _COMMON:
        over = {size: count for size, count in whole.items() if size > limit}
        cut = sum((size - limit) * count for size, count in over.items())
        rows.append((f"{limit:,}", sum(over.values()), f"{sum(over.values()) / records:.1%}", cut, f"{cut / tokens:.1%}"))
        if not over:
            break
    heads = ("sequence length", "examples cut", "share", "tokens cut", "share of tokens")
    return data_table("What a sequence length cuts", heads, rows)
