"""Edge cases of the rules about media, beyond their docstrings."""

import base64
import json
from typing import Any

import pytest

from tests.linting import lint, places
from tunelint.rules.med._bytes import image_type, read_data_url

MEDIA = ["MED001", "MED002", "MED003", "MED004", "MED005"]
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(60)).decode()
JPEG = base64.b64encode(b"\xff\xd8\xff\xe0" + bytes(61)).decode()
WEBP = base64.b64encode(b"RIFF\x00\x00\x00\x00WEBP" + bytes(40)).decode()
PAGE = base64.b64encode(b"<html><body>not found</body></html>").decode()
URL = "messages[0].content[1].image_url.url"


def shown(*urls: str, role: str = "user") -> str:
    parts = [{"type": "image_url", "image_url": {"url": url}} for url in urls]
    first = {"role": role, "content": [{"type": "text", "text": "Look"}, *parts]}
    return json.dumps({"messages": [first, {"role": "assistant", "content": "A dot."}]}) + "\n"


def listed(text: Any, more: dict[str, Any], answer: str = "A dot.") -> str:
    messages = [{"role": "user", "content": text}, {"role": "assistant", "content": answer}]
    return json.dumps({"messages": messages, **more}) + "\n"


def found(data: str, **options: Any) -> list[tuple[str, str]]:
    report = lint(data, MEDIA, **options)
    assert not report.skipped
    return [(code, at) for code, _, at in places(report.diagnostics)]


@pytest.mark.parametrize(
    ("data", "options"),
    [
        (shown("https://example.com/a.png"), {}),
        (shown("https://example.com/a.png"), {"target": "openai"}),
        (shown(f"data:image/png;base64,{PNG}"), {"target": "openai"}),
        (shown(f"data:image/jpeg;base64,{JPEG}"), {"target": "together"}),
        (shown(f"data:image/jpg;base64,{JPEG}"), {"target": "openai"}),
        (shown(f"data:image/webp;base64,{WEBP}"), {"target": "openai"}),
        (shown(f"DATA:image/png;charset=utf-8;base64,{PNG}"), {}),
        (shown("data:image/svg+xml;base64," + PAGE), {"target": "trl"}),
        (shown("images/a.png"), {"media": "images/a.png"}),
        (shown("/absolute/a.png"), {"media": ""}),
        (shown("file:///absolute/a.png"), {"media": ""}),
        (shown(r"C:\a.png"), {"media": ""}),
        (shown(*[f"https://example.com/{number}.png" for number in range(10)]), {"target": "openai"}),
        (listed("What is it?", {"images": ["a.png"]}), {"target": "ms-swift"}),
        (listed("What is it?", {"images": ["a.png"]}), {}),
        (listed("What is it?", {"images": []}), {"target": "llama-factory"}),
        (listed("<image> is no element", {}), {"target": "llama-factory"}),
        (listed("<image> is no element", {"images": []}), {}),
        (listed("<video><audio>What?", {"videos": ["a.mp4"], "audios": ["a.mp3"]}), {"target": "llama-factory"}),
        (listed("<image>1 <image>2", {"images": ["a.png", "b.png"]}, "As <images> show"), {"target": "llama-factory"}),
        (listed([{"type": "image"}, {"type": "text", "text": "<image>?"}], {"images": [{"bytes": "…", "path": None}]}), {"target": "trl"}),
    ],
)  # fmt: skip
def test_silence(data: str, options: dict[str, Any]) -> None:
    assert found(data, **options) == []


@pytest.mark.parametrize(
    ("data", "options", "expected"),
    [
        (shown(""), {}, [("MED001", URL)]),
        (shown(PNG), {}, [("MED001", URL)]),
        (shown(PNG), {"target": "openai", "media": ""}, [("MED001", URL)]),
        (shown("data:image/png;base64,"), {}, [("MED001", URL)]),
        (shown("data:image/png," + PNG), {}, [("MED001", URL)]),
        (shown("data:image/png;base64;" + PNG), {}, [("MED001", URL)]),
        (shown(f"data:image/png;base64,{PNG[:-3]}"), {}, [("MED001", URL)]),
        (shown(f"data:image/png;base64,{PNG}\n"), {}, [("MED001", URL)]),
        (shown(f"data:image/png;base64,{JPEG}"), {"target": "openai"}, [("MED001", URL)]),
        (shown(f"data:image/png;base64,{PAGE}"), {}, [("MED001", URL)]),
        (shown("https://example.com/a.png"), {"target": "together"}, [("MED001", URL)]),
        (shown("a.png"), {"target": "openai", "media": ""}, [("MED001", URL)]),
        (shown("a.png"), {"media": "b.png"}, [("MED004", URL)]),
        (shown("https://example.com/a.png", role="system"), {"target": "openai"}, [("MED001", URL)]),
        (listed("What is it?", {"images": ["a.png"]}), {"target": "llama-factory"}, [("MED003", "images")]),
        (listed("<image>?", {"images": []}), {"target": "llama-factory"}, [("MED003", "images")]),
        (listed("<image>?", {"images": ["a.png", "b.png"]}), {}, [("MED003", "images")]),
        (listed("<video>?", {"videos": ["a.mp4"], "images": ["a.png"]}), {"target": "llama-factory"}, [("MED003", "images")]),
        (listed([{"type": "image"}, {"type": "image"}], {"images": ["a.png"]}), {}, [("MED003", "images")]),
    ],
)  # fmt: skip
def test_findings(data: str, options: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert found(data, **options) == expected


def test_too_many_are_counted_by_the_limit_of_the_target() -> None:
    eleven = shown(*[f"https://example.com/{number}.png" for number in range(11)])
    assert found(eleven, target="openai") == [("MED002", "messages[0].content[11].image_url.url")]
    assert found(eleven, target="azure") == []
    (one,) = lint(eleven, ["MED002"]).diagnostics
    assert one.severity == "warning"


def test_an_image_above_the_limit() -> None:
    large = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(11_000_000)).decode()
    (one,) = lint(shown(f"data:image/png;base64,{large}"), MEDIA, target="openai").diagnostics
    assert (one.code, one.message) == ("MED001", "an image of 11,000,008 bytes")


def test_a_broken_character_is_marked_inside_the_text() -> None:
    data = shown(f"data:image/png;base64,{PNG[:20]}*{PNG[20:]}")
    (one,) = lint(data, ["MED001"]).diagnostics
    assert data[one.column - 1 : one.end_column - 1] == "*"


def test_a_folder_that_is_not_there_either_makes_a_warning() -> None:
    severities = [lint(shown("a/b.png"), ["MED004"], media=there).diagnostics[0].severity for there in ("a,a/c.png", "c.png")]
    assert severities == ["error", "warning"]


@pytest.mark.parametrize("size", range(1, 12))
def test_sizes_of_data_urls_are_those_of_the_bytes(size: int) -> None:
    data = read_data_url("data:image/png;base64," + base64.b64encode(bytes(size)).decode())
    assert (data.problem, data.size, data.head) == ("", size, bytes(size))


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"GIF89a", "image/gif"),
        (b"BM......", "image/bmp"),
        (b"MM\x00*", "image/tiff"),
        (b"\x00\x00\x00 ftypavif", "image/avif"),
        (b"\x00\x00\x00 ftypheic", "image/heic"),
        (b"", None),
        (b"<svg", None),
    ],
)
def test_types_by_first_bytes(head: bytes, expected: str | None) -> None:
    assert image_type(head) == expected
