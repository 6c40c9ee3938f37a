"""Chat templates as they look once they are applied, and where they may stand on purpose."""

import re
from typing import Final

__all__ = ["PLAIN_PROMPTS", "TEMPLATES"]

PLAIN_PROMPTS: Final = frozenset({"prompt-completion", "prompt-only", "preference"})
"""Formats whose prompts may be strings, which trainers feed as they stand: a template in them is the user's own."""

TEMPLATES: Final = (
    ("ChatML", re.compile(r"<\|im_start\|>(?:system|user|assistant|tool)")),
    ("Llama 3", re.compile(r"<\|start_header_id\|>\w+<\|end_header_id\|>")),
    ("Llama 2 or Mistral", re.compile(r"(?:<s>)?\s*\[INST\].*?\[/INST\]", re.DOTALL)),
    ("Gemma", re.compile(r"<start_of_turn>(?:user|model)")),
    ("Zephyr or Phi", re.compile(r"<\|(?:user|system)\|>.*?<\|assistant\|>", re.DOTALL)),
)
