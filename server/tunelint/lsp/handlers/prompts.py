"""The few-shot prompt of a dataset: written beside it, and measured against a model once the user saw the price and agreed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from lsprotocol import types
from pygls.uris import from_fs_path

from tunelint.analysis import messages
from tunelint.lsp.files import OpenFile
from tunelint.lsp.server import TuneLintServer

__all__ = ["CREATE_PROMPT", "MEASURE", "register", "saved_path"]

CREATE_PROMPT: Final = "tunelint.createPrompt"
MEASURE: Final = "tunelint.measure"
_SEND: Final = "Send"
_SHOWN_LINES: Final = 4
_FORMS: Final = {"markdown": ".prompt.md", "openai": ".prompt.json", "promptfoo": ".promptfooconfig.yaml", "python": ".prompt.py"}


def register(server: TuneLintServer) -> None:
    """Offer the commands."""

    @server.command(CREATE_PROMPT)
    async def create_prompt(server: TuneLintServer, uri: str, *rest: Any) -> str | None:
        """Write the few-shot prompt of an open dataset beside it, show it, return its path; `rest` may name the form."""
        form = rest[0] if rest and rest[0] in _FORMS else "markdown"
        path = saved_path(server, uri)
        if path is None:
            return None
        target = _free(path, _FORMS[form])
        arguments = ["prompt", str(path), "-o", str(target), "--output-format", form]
        ended = await server.programs.run(f"Making a prompt of {path.name}", arguments, path.parent)
        if ended.problem:
            server.complain(ended.problem)
            return None
        server.spawn(_show(server, target))  # not waited for: a client may never answer
        server.tell("; ".join([f"wrote {target.name}", *ended.notes[1:]]))
        return str(target)

    @server.command(MEASURE)
    async def measure(server: TuneLintServer, uri: str, *rest: Any) -> str | None:
        """Ask a model the held-out rows of an open dataset, after the user agreed; show and return the report.

        `rest` may be an object with `endpoint`, `model`, `keyEnv`, `maxUsd` and `tunedModel`; the key is never in it.
        """
        path = saved_path(server, uri)
        if path is None:
            return None
        arguments = ["measure", str(path), *(_measure_options(rest[0]) if rest else [])]
        plan = await server.programs.run(f"Counting what to ask of {path.name}", [*arguments, "--dry-run"], path.parent)
        if plan.problem:
            server.complain(plan.problem)
            return None
        request = types.ShowMessageRequestParams(
            types.MessageType.Info,
            "TuneLint " + ". ".join(plan.notes),
            actions=[types.MessageActionItem(_SEND), types.MessageActionItem("Cancel")],
        )
        answer = await server.window_show_message_request_async(request)
        if answer is None or answer.title != _SEND:
            return None
        ended = await server.programs.run(f"Measuring {path.name}", [*arguments, "--yes", "--color", "never"], path.parent)
        if ended.problem:
            server.complain(f"{ended.problem}; what was answered is kept, and the next run goes on from there")
            return None
        server.analyst.send(messages.Refresh())
        lines = [" ".join(line.split()) for line in ended.out.splitlines() if line.strip()]
        server.tell("; ".join(lines[:_SHOWN_LINES]))
        return ended.out


def _measure_options(options: Any) -> list[str]:
    values: Any = options._asdict() if hasattr(options, "_asdict") else options
    if not isinstance(values, Mapping):
        return []
    names = {
        "endpoint": "--endpoint",
        "model": "--model",
        "keyEnv": "--key-env",
        "maxUsd": "--max-usd",
        "tunedModel": "--tuned-model",
    }
    return [word for name, flag in names.items() if values.get(name) for word in (flag, str(values[name]))]


def saved_path(server: TuneLintServer, uri: str) -> Path | None:
    """Return the path of an open dataset that is the same on disk; None, after a word to the user, of any other."""
    file: OpenFile | None = server.files.get(uri)
    path = Path(file.name) if file is not None else None
    if file is None or path is None or not path.is_file():
        server.complain("save the dataset first: it is read from disk")
        return None
    if path.stat().st_size != len(file.document.source.encode("utf-8", "surrogatepass")):
        server.tell(f"{path.name} has changes that are not saved; they are left out")
    return path


def _free(path: Path, ending: str) -> Path:
    """Return a name beside a dataset that nothing has."""
    stem = path.name.partition(".")[0]
    target = path.with_name(stem + ending)
    number = 2
    while target.exists():
        target = path.with_name(f"{stem}-{number}{ending}")
        number += 1
    return target


async def _show(server: TuneLintServer, path: Path) -> None:
    window = server.client_capabilities.window
    uri = from_fs_path(str(path))
    if uri is not None and window is not None and window.show_document is not None and window.show_document.support:
        await server.window_show_document_async(types.ShowDocumentParams(uri, take_focus=True))
