"""Tokens: what does not fit, and what is paid for without being learnt."""
