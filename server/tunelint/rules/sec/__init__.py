"""Secrets and personal data: what must not be learnt, because a model says what it has learnt."""
