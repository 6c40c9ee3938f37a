"""Runs rules over one line, one file, one project; in one pass, in parts, or following edits."""
