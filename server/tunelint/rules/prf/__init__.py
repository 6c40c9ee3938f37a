"""Preference and reinforcement: what two answers, a thumb or a grader can tell a model."""
