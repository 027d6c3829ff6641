"""reconciliation: what providers say they moved against what our books say, and what became of every difference."""
