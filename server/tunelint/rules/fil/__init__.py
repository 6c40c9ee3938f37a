"""File and encoding: what keeps readers from finding the records."""
