"""Failures that people reported in public when they tuned on a dataset, each with the smallest file that has it."""
