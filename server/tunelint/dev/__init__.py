"""Tools for those who work on TuneLint itself: ``python -m tunelint.dev``."""
