"""Who may read what, for how long, and who looked."""
