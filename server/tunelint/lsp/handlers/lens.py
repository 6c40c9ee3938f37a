"""A line above the first record: what the file is taken for."""

from lsprotocol import types

from tunelint.lsp.server import TuneLintServer, guarded

__all__ = ["register"]


def register(server: TuneLintServer) -> None:
    """Offer the lens."""

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    @guarded("code lens")
    def lens(server: TuneLintServer, params: types.CodeLensParams) -> list[types.CodeLens]:
        file = server.files.get(params.text_document.uri)
        if file is None or file.report is None:
            return []
        report = file.report
        parts = [f"{report.records:,} records", report.format or "no known format"]
        if report.tokens is not None and report.tokens.total:
            parts.append(f"{report.tokens.total:,} tokens ({report.tokens.trained:,} trained)")
        if report.target:
            parts.append(f"for {report.target}")
        start = types.Position(0, 0)
        return [types.CodeLens(types.Range(start, start), command=types.Command(" · ".join(parts), ""))]
