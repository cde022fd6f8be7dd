"""Restricted records: who is named on them, seals that were broken, and people whom those who work here know."""
