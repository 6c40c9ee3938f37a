"""A line above the first record: what the file is taken for, how large it is, and what was found."""

from lsprotocol import types

from tunelint.analysis.messages import Facts
from tunelint.lsp.server import TuneLintServer, guarded

__all__ = ["register"]


def register(server: TuneLintServer) -> None:
    """Offer the lens."""

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    @guarded("code lens")
    def lens(server: TuneLintServer, params: types.CodeLensParams) -> list[types.CodeLens]:
        file = server.files.get(params.text_document.uri)
        if file is None or file.facts is None or not (file.facts.records or file.facts.summary):
            return []
        start = types.Position(0, 0)
        title = _title(file.facts) if file.complete else "TuneLint is reading …"
        return [types.CodeLens(types.Range(start, start), command=types.Command(title, ""))]


def _title(facts: Facts) -> str:
    """Return what is known in a line; what matters most stands first, because an editor cuts off what is too long for it."""
    findings = ", ".join(
        [
            f"{count:,} {severity}{'s' if count != 1 and severity != 'information' else ''}"
            for severity, count in facts.counts.items()
            if count
        ][:2]
    )
    if facts.summary:
        name, *costs = facts.summary.split(" · ")
        return " · ".join([name, findings or "nothing found", *costs])
    parts = [f"{facts.records:,} record{'s' if facts.records != 1 else ''}", facts.format or "no known format"]
    if facts.tokens is not None and facts.tokens.total:
        parts.append(f"{facts.tokens.total:,} tokens ({facts.tokens.trained:,} trained)")
    if facts.target:
        parts.append(f"for {facts.target}")
    parts.append(findings or "nothing found")
    if facts.verdict:
        parts.append(facts.verdict)
    return " · ".join(parts)
