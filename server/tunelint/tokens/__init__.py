"""Token counts: exact, offline, behind one function. Rank tables lie in this package, so nothing is ever downloaded."""

from tunelint.tokens.counter import Counter, counter_for
from tunelint.tokens.encodings import ENCODINGS, Encoding

__all__ = ["ENCODINGS", "Counter", "Encoding", "counter_for"]
