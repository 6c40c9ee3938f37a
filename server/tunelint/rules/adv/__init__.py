"""Whether to fine-tune at all."""
