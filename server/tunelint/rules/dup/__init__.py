"""Duplicates, leakage between files, and answers that contradict each other."""
