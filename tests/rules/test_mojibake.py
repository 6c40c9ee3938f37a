"""QUA003: what ftfy repairs is found at the place, what it leaves alone is not, and sound text is hardly ever asked about."""

import json

import ftfy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.linting import fix, lint
from tests.shared_data import shared_data
from tunelint.engine.triggers import Triggers
from tunelint.text.mojibake import PATTERNS, may_be_mojibake

SOUND = [
    "Où est le café « À la Noël » ? Ça coûte 3 € — c’est élevé… “Voilà”",
    "Größe: 5 µm ± 2 °C, «Straße» — für Übermut",
    "¿Dónde está el niño? ¡Aquí! Ñandú nº 5",
    "Não, não é à toa: São João, ção, Ã",
    "Широкая электрификация южных губерний — это «толчок»…",
    "Їжак і Єва: «ґанок» №5",
    "Η ¨ανατροφή¨ δυστυχώς από τους προπονητές",
    "快速的棕色狐狸，跳过了懒狗。“好”",
    "速い茶色の狐がのろまな犬を飛び越える。",
    "빠른 갈색 여우",
    "الثعلب البني السريع",
    "Příliš žluťoučký kůň úpěl ďábelské ódy",
    "Tiếng Việt rất đẹp, ước mơ",
    "x ≤ √2 ≈ 1.41, ├── src\n│   └── main.py",
    "👩‍💻 naïve œuvre Ångström",
]


def record(text: str) -> str:
    return json.dumps({"prompt": "a", "completion": text}, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("text", SOUND)
def test_sound_text_is_silent(text: str) -> None:
    assert lint(record(text), ["QUA003"]).diagnostics == []


@pytest.mark.parametrize("text", [text for text in SOUND if text not in {SOUND[0], SOUND[13]}])
def test_sound_text_is_not_even_asked_about(text: str) -> None:
    assert not may_be_mojibake(text)


@given(st.text(alphabet="aé€Ã©âœ”ГґРѕ\x84п¬√©◊ë\n \u4f60ß║", max_size=8), st.booleans())
def test_patterns_over_json_agree_with_the_look_at_text(text: str, ascii: bool) -> None:
    raw = json.dumps({"text": text}, ensure_ascii=ascii).encode()
    woken = bool(Triggers([(1, PATTERNS)]).find(raw))
    if not ascii:
        assert woken == may_be_mojibake(text)
    elif woken:
        assert not text.isascii()


@pytest.mark.parametrize("escaped", [False, True])
@pytest.mark.parametrize("file", ["in-the-wild", "language-names", "negative", "synthetic", "known-failures"])
def test_cases_of_ftfy(file: str, escaped: bool) -> None:
    cases = json.loads(shared_data("mojibake", f"{file}.json").read_text(encoding="utf-8"))
    missed = []
    for case in cases:
        text = case["original"].replace("\n", " ")
        mended = ftfy.fix_encoding(text)
        line = json.dumps({"prompt": "a", "completion": text}, ensure_ascii=escaped) + "\n"
        found = lint(line, ["QUA003"]).diagnostics
        if mended == text:
            assert found == [], case["label"]
        elif not found:
            missed.append(case["label"])
        else:
            assert [one.at for one in found] == ["completion"]
            assert json.loads(fix(line, ["QUA003"], unsafe=True))["completion"] == mended
    assert len(missed) <= (0.3 if escaped else 0.05) * len(cases), missed


def test_place_is_what_is_wrong() -> None:
    (one,) = lint(record("all is well here, but not the cafÃ© there"), ["QUA003"]).diagnostics
    line = record("all is well here, but not the cafÃ© there")
    assert line[one.column - 1 : one.end_column - 1] == "Ã©"
    assert one.message == "'cafÃ©' was read in the wrong encoding, probably 'café' is meant"


KNOWN = {
    "orca_dpo_pairs__validation.jsonl": 3,
    "dpo_en_demo.json": 1,
    "kto_en_demo.json": 2,
    "mmlu.jsonl": 10,
    "stsb.jsonl": 4,
    "t0_imdb.jsonl": 9,
}
"""Records of published data that were read by eye and hold mojibake."""


@pytest.mark.parametrize("folder", ["datasets", "advice"])
def test_published_data_are_sound_but_for_what_is_known(folder: str) -> None:
    for path in sorted(shared_data(folder).rglob("*.json*")):
        report = lint(path.read_bytes(), ["QUA003"], path.name, keep_all=True)
        known = next((count for name, count in KNOWN.items() if path.name.endswith(name)), 0)
        assert len(report.diagnostics) == known, path.name
