"""Documents: exports and prints that pass the rules for what may leave."""
