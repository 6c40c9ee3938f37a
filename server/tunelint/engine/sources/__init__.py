"""Reads datasets from disk or a stream, batch by batch, whatever container the records lie in."""

from tunelint.engine.sources.base import Batch, Source, SourceError
from tunelint.engine.sources.opening import open_source

__all__ = ["Batch", "Source", "SourceError", "open_source"]
