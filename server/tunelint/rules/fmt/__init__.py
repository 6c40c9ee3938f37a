"""Shape of a record: the keys, types and lengths that its format wants."""
