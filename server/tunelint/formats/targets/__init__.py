"""Providers and trainers that read datasets: one module each, with dated limits and their sources."""
