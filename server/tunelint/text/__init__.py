"""Characters, lines and positions. This package knows nothing of datasets, rules or editors' protocols."""
