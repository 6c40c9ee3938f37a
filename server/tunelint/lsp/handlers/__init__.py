"""One module a feature; each has `register(server)`."""
