"""Changes: what a source sent again otherwise, shown to whoever holds the case; nothing is taken by itself."""
