"""Bundles the plotting library of report pages: ``python -m tunelint.dev plots`` (npm and the network).

The bundle is what `entry.js` names of Observable Plot and of the modules of D3 that it rests on, in the versions of
`package-lock.json`. It lies in the package, so that a page needs nothing from anywhere when it is made or looked at.
"""

import json
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final

__all__ = ["ASSETS", "bundle", "plots"]

ASSETS: Final = Path(__file__).parents[2] / "report" / "page" / "assets"
_HERE: Final = Path(__file__).parent
_SOURCES: Final = ("entry.js", "package.json", "package-lock.json")
_LICENCES: Final = ("LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE", "license")


def plots() -> list[str]:
    """Write the bundle and the licences of what is in it; return the names of the files."""
    with tempfile.TemporaryDirectory() as folder:
        script, licences = bundle(Path(folder))
    (ASSETS / "plot.js").write_text(script, encoding="utf-8")
    (ASSETS / "plot.LICENSE.txt").write_text(licences, encoding="utf-8")
    return ["plot.js", "plot.LICENSE.txt"]


def bundle(folder: Path) -> tuple[str, str]:
    """Return the bundle and the licences of what is in it, made in an empty folder."""
    for name in _SOURCES:
        shutil.copy(_HERE / name, folder / name)
    _run(folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    options = ("--bundle", "--minify", "--format=iife", "--charset=utf8", "--legal-comments=none", "--metafile=meta.json")
    _run(folder, str(folder / "node_modules" / ".bin" / "esbuild"), "entry.js", *options, "--outfile=plot.js")
    packages = _packages(json.loads((folder / "meta.json").read_text(encoding="utf-8")))
    notices = [_notice(folder / "node_modules" / name, name) for name in packages]
    return (folder / "plot.js").read_text(encoding="utf-8"), "\n".join(notices)


def _run(folder: Path, *command: str) -> None:
    program = shutil.which(command[0])
    if program is None:
        raise SystemExit(f"{command[0]} is not installed")
    subprocess.run([program, *command[1:]], cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  a fixed command


def _packages(meta: dict[str, Any]) -> list[str]:
    """Return the names of the packages that have a byte in the bundle."""
    (output,) = meta["outputs"].values()
    found = set()
    for path, part in output["inputs"].items():
        _, inside, rest = path.rpartition("node_modules/")
        if inside and part["bytesInOutput"]:
            words = rest.split("/")
            found.add("/".join(words[:2]) if rest.startswith("@") else words[0])
    return sorted(found)


def _notice(package: Path, name: str) -> str:
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))
    text = next((file.read_text(encoding="utf-8").strip() for one in _LICENCES if (file := package / one).is_file()), "")
    return f"{name} {version['version']} ({version.get('license', 'see below')})\n\n{text}\n"
