"""Reconciliation: every row that was sent is accounted for, day by day; an alarm where a file is missing or short."""
