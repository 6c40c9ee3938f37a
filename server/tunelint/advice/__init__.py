"""Whether to fine-tune at all: what a dataset's own records say about it."""
