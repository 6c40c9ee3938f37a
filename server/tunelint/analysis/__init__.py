"""Follows open documents in a process of its own, so that the process that talks to the editor is never busy."""
