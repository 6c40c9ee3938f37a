"""Short explanations."""

HELPS: dict[str, str] = {}
