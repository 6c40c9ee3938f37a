"""Times the search for near duplicates beside datasketch's and rensa's, where they are installed, on planted ones in real text.

    python -m tests.benchmarks.duplicates [--records 20000]

Every tenth record is an earlier one with some words changed. A planted pair counts when the share of sequences of three words that
both have is at least 0.85 (or in the second column of recall 0.9), computed exactly; so does a found pair for the precision. All
search sets of three words in a row; the others with 128 permutations and their own banding for a likeness of 0.8. CPU seconds are of
one process and include what makes words or tokens of the texts.
"""

import argparse
import importlib.util
import json
import random
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from tests.benchmarks.corpus import _texts
from tests.linting import linter
from tunelint.text.words import Wording

LEAST = 0.85
PERMUTATIONS = 128
Pairs = set[tuple[int, int]]


class Planted(NamedTuple):
    """Texts, and for some of them the earlier one that they were made of."""

    texts: list[str]
    source: dict[int, int]


def plant(records: int, seed: int = 1) -> Planted:
    """Make texts of which every tenth is an earlier one with up to an eighth of its words changed."""
    chance = random.Random(seed)
    originals = [text for text in dict.fromkeys(_texts()) if 40 <= len(text.split()) <= 400]
    chance.shuffle(originals)
    texts: list[str] = []
    source: dict[int, int] = {}
    for text in originals:
        if len(texts) >= records:
            break
        texts.append(f"? {text}")
        if len(texts) % 10 == 9:
            origin = chance.randrange(len(texts))
            words = texts[origin].split(" ")
            for _ in range(chance.randrange(1, max(2, len(words) // 24))):
                words[chance.randrange(1, len(words))] = f"w{chance.randrange(1000)}"
            source[len(texts)] = origin
            texts.append(" ".join(words))
    return Planted(texts, source)


def tunelint(texts: list[str]) -> Pairs:
    """Search with DUP002 alone; the report names the earlier record of each."""
    rows = [{"messages": [{"role": "user", "content": "?"}, {"role": "assistant", "content": text[2:]}]} for text in texts]
    one = linter("".join(json.dumps(row) + "\n" for row in rows), {"DUP002"}, keep_all=True)
    one.read()
    place = {batch.handle(row): batch.first_line + row - 1 for batch in one.source.batches() for row in range(len(batch.rows))}
    found: Pairs = set()
    for finding in one.findings():
        assert isinstance(finding.handle, int)
        earlier = finding.related[0].handle
        assert isinstance(earlier, int)
        found.add((place[earlier], place[finding.handle]))
    return found


def _words(texts: Iterable[str]) -> list[list[str]]:
    return [[" ".join(shingle) for shingle in Wording(text).shingles] for text in texts]


def datasketch(texts: list[str]) -> Pairs:
    """Search with datasketch's MinHash and its LSH."""
    from datasketch import MinHash, MinHashLSH  # type: ignore[import-not-found]

    index = MinHashLSH(threshold=0.8, num_perm=PERMUTATIONS)
    found: Pairs = set()
    sketches = MinHash.bulk([[piece.encode() for piece in pieces] for pieces in _words(texts)], num_perm=PERMUTATIONS)
    for number, sketch in enumerate(sketches):
        found |= {(earlier, number) for earlier in index.query(sketch)}
        index.insert(number, sketch)
    return found


def rensa(texts: list[str]) -> Pairs:
    """Search with rensa's RMinHash and its LSH."""
    import rensa as library  # type: ignore[import-not-found]

    index = library.RMinHashLSH(threshold=0.8, num_perm=PERMUTATIONS, num_bands=16)
    found: Pairs = set()
    for number, pieces in enumerate(_words(texts)):
        sketch = library.RMinHash(num_perm=PERMUTATIONS, seed=42)
        sketch.update(pieces)
        found |= {(earlier, number) for earlier in index.query(sketch)}
        index.insert(number, sketch)
    return found


def likeness(one: str, other: str) -> float:
    """Return the exact share of sequences of three words that two texts have in common."""
    mine, theirs = Wording(one).shingles, Wording(other).shingles
    return len(mine & theirs) / max(len(mine | theirs), 1)


def main() -> None:
    """Search with all that are installed, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=20_000)
    arguments = parser.parse_args()
    texts, source = plant(arguments.records)
    alike = {later: likeness(texts[later], texts[origin]) for later, origin in source.items()}
    searches: dict[str, Callable[[list[str]], Pairs]] = {"tunelint": tunelint, "datasketch": datasketch, "rensa": rensa}
    print(f"{len(texts):,} records, {sum(value >= LEAST for value in alike.values()):,} planted at {LEAST} or more\n")
    print(f"{'':12}{'CPU s':>8}{'records/s':>12}{'recall 0.85':>13}{'recall 0.9':>12}{'precision':>11}")
    for name, search in searches.items():
        if name != "tunelint" and importlib.util.find_spec(name) is None:
            print(f"{name:12}{'not installed':>20}")
            continue
        began = time.process_time()
        found = search(texts)
        cpu = time.process_time() - began
        caught: set[Any] = {later for _, later in found}
        recalls = []
        for least in (LEAST, 0.9):
            wanted = [later for later, value in alike.items() if value >= least]
            recalls.append(sum(later in caught for later in wanted) / max(len(wanted), 1))
        right = sum(likeness(texts[one], texts[other]) >= LEAST for one, other in found) / max(len(found), 1)
        print(f"{name:12}{cpu:>8.1f}{len(texts) / cpu:>12,.0f}{recalls[0]:>13.3f}{recalls[1]:>12.3f}{right:>11.3f}", flush=True)


if __name__ == "__main__":
    main()
