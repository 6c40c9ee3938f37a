"""One module a tool: `build(shelf)` reads its releases and returns the table of its keys."""
