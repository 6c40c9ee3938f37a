"""Keys of a training config."""
