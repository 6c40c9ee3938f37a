"""Speed and memory, as ratios against what others do, measured in one run: ``python -m tests.benchmarks``.

Nothing here is a test: times are printed and never asserted.
"""
