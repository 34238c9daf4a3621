"""Who does the work of a row: each a small program of its own, of which nothing else is imported."""
