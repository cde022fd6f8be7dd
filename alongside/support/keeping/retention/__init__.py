"""Retention: how long a victim's record is kept, what keeps it longer, and its erasure."""
