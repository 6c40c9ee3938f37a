"""Conversation: who speaks, in what order, and whether anything is there to be learnt."""
