"""Row security: which organisations see a row, and which database role may touch a table."""
