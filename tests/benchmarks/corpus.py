"""Makes a chat dataset of any size from real text that every machine has: Python's own sources, documentation and licences."""

import argparse
import json
import random
import re
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

__all__ = ["make_chat"]

SYSTEM_PROMPTS = (
    "You are a helpful assistant.",
    "Answer briefly and precisely. Say so when you do not know.",
    "You explain source code to people who are new to the project.",
    "Du bist ein hilfreicher Assistent und antwortest auf Deutsch.",
)
SHARE_WITH_SYSTEM = 0.6
SHARE_OF_COPIES = 0.02
LONGEST_SOURCE = 2_000_000


def _texts() -> Iterator[str]:
    """Yield paragraphs of real text: documentation, licences, code, and whatever other languages lie in the test data."""
    folders = [Path(sysconfig.get_path("stdlib")), Path(sysconfig.get_path("purelib"))]
    folders += [Path("/usr/share/doc"), Path(__file__).parents[3] / "shared" / "data" / "datasets"]
    for folder in folders:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            known = path.suffix in {".py", ".rst", ".md", ".txt", ".pyi", ".json", ""} or path.name in {"LICENSE", "copyright"}
            if not known or not path.is_file() or path.stat().st_size > LONGEST_SOURCE:
                continue
            try:
                text = path.read_text(encoding="utf-8")
            except (UnicodeDecodeError, OSError):
                continue
            yield from (part for part in text.split("\n\n") if 40 <= len(part) <= 6_000)


def _mixed(paragraphs: list[str], chance: random.Random) -> str:
    """Return a text that is no more like another one than chance makes it: single lines and sentences of several paragraphs."""
    pieces = [
        chance.choice(re.split(r"(?<=[.:;])\s|\n", paragraph))
        for paragraph in chance.choices(paragraphs, k=chance.randrange(4, 16))
    ]
    return "\n".join(pieces)


def make_chat(path: Path, megabytes: float, seed: int = 1) -> int:
    """Write about so many megabytes of chat JSON Lines to `path`; return how many records that are."""
    chance = random.Random(seed)
    paragraphs = list(dict.fromkeys(_texts()))
    chance.shuffle(paragraphs)
    size = records = position = 0
    earlier: list[str] = []
    with path.open("w", encoding="utf-8", newline="\n") as file:
        while size < megabytes * 1e6:
            if earlier and chance.random() < SHARE_OF_COPIES:
                line = chance.choice(earlier)
            else:
                messages = []
                if chance.random() < SHARE_WITH_SYSTEM:
                    messages.append({"role": "system", "content": chance.choice(SYSTEM_PROMPTS)})
                for _ in range(chance.choice((1, 1, 1, 2))):
                    question, answer = (paragraphs[(position + step) % len(paragraphs)] for step in (0, 1))
                    if position >= len(paragraphs):  # all are used up: go on with lines of several, so that texts stay different
                        question, answer = _mixed(paragraphs, chance), _mixed(paragraphs, chance)
                    position += 2
                    messages += [{"role": "user", "content": question[:600]}, {"role": "assistant", "content": answer}]
                line = json.dumps({"messages": messages}, ensure_ascii=False) + "\n"
                if len(earlier) < 1_000:
                    earlier.append(line)
            file.write(line)
            size += len(line.encode())
            records += 1
    return records


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("megabytes", type=float)
    arguments = parser.parse_args()
    sys.stdout.write(f"{make_chat(arguments.path, arguments.megabytes):,} records\n")
