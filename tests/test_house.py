"""The invariants of the architecture that can be read off the source."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "server" / "tunelint"
LAYERS = (
    ("text",),
    ("core",),
    ("formats", "tokens", "costs", "trainers"),
    ("advice",),
    ("rules",),
    ("engine",),
    ("settings", "report"),
    ("analysis",),
    ("cli", "dev", "lsp"),
)
"""A package may import from its own layer and from those before it."""

EDITOR_LIBRARIES = {"pygls", "lsprotocol"}
NETWORK_LIBRARIES = {"httpx", "requests", "urllib.request", "socket", "http.client"}
IMPURE_LIBRARIES = {"os", "pathlib", "io", "time", "datetime", "random", "secrets", "subprocess", "tempfile", "shutil", "sys"}
"""What a rule has no business with: files, clocks, the environment, randomness."""


def _modules() -> list[tuple[str, Path]]:
    return [(".".join(path.relative_to(PACKAGE).with_suffix("").parts), path) for path in sorted(PACKAGE.rglob("*.py"))]


def _imports(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
    return found


def _layer(package: str) -> int | None:
    return next((index for index, names in enumerate(LAYERS) if package in names), None)


@pytest.mark.parametrize(("name", "path"), _modules())
def test_imports_point_one_way(name: str, path: Path) -> None:
    own = _layer(name.split(".", maxsplit=1)[0])
    if own is None:
        return
    for imported in _imports(path):
        parts = imported.split(".")
        other = _layer(parts[1]) if parts[0] == "tunelint" and len(parts) > 1 else None
        assert other is None or other <= own, f"{name} imports {imported}"
        if parts[0] == "tunelint" and len(parts) > 1 and name.split(".", maxsplit=1)[0] == "tokens":
            assert parts[1] != "formats", "formats and tokens do not know each other"


@pytest.mark.parametrize(("name", "path"), _modules())
def test_libraries_stay_in_their_rooms(name: str, path: Path) -> None:
    imported = {module.split(".")[0] for module in _imports(path)}
    room = name.split(".", maxsplit=1)[0]
    if room != "lsp":
        assert not imported & EDITOR_LIBRARIES
    if room not in {"advice", "costs"}:
        assert not set(_imports(path)) & NETWORK_LIBRARIES
    if name != "engine.ray":
        assert "ray" not in imported
    if name != "engine.sources.remote":
        assert "fsspec" not in imported
    if room == "rules":
        assert not imported & IMPURE_LIBRARIES, f"{name} is a rule and imports {imported & IMPURE_LIBRARIES}"


@pytest.mark.parametrize(("name", "path"), _modules())
def test_no_number_with_commas_turns_into_a_power_of_ten(name: str, path: Path) -> None:
    """`{1234567:,g}` is 1.23457e+06: `text.numbers` writes such numbers."""
    assert not re.search(r":,(\.\d+)?g\}", path.read_text(encoding="utf-8")), name


@pytest.mark.parametrize(("name", "path"), [module for module in _modules() if module[0].startswith("rules.")])
def test_rules_keep_no_state(name: str, path: Path) -> None:
    """A rule's methods assign nothing to the rule, and no module keeps a changing global."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not isinstance(node, ast.Global), name
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else []
        for target in targets:
            to_self = isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self"
            assert not to_self or name == "rules.base", f"{name}:{node.lineno} keeps state"  # type: ignore[attr-defined]


def test_headless_path_imports_no_editor_or_network_library() -> None:
    code = (
        "import sys; from tunelint.cli.main import run; run(['check', '--isolated', '-', '--stdin-filename', 'a.jsonl']);"
        "print(sorted({name.split('.')[0] for name in sys.modules}))"
    )
    record = '{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'
    done = subprocess.run([sys.executable, "-c", code], input=record, capture_output=True, text=True, check=True)
    modules = set(ast.literal_eval(done.stdout.splitlines()[-1]))
    assert "msgspec" in modules
    assert not modules & {"pygls", "lsprotocol", "httpx", "requests", "pydantic", "numpy"}
