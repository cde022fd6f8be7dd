"""Ending a case well: what is still open, what was said, where they turn next, and how they come back."""
