"""Names of files that the advice keeps, apart from what reads them, because every search for datasets must know them."""

from typing import Final

__all__ = ["MEASURED"]

MEASURED: Final = "tunelint-measured.json"
"""What was measured of the datasets in its folder."""
