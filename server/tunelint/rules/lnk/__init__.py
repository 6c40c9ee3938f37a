"""Config and data."""
