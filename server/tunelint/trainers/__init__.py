"""Whose config is this: one module a trainer, and tables of the keys that each reads."""
