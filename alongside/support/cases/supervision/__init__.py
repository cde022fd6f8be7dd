"""Supervision: notes between a worker and their manager, signed by both, for those two and a named second alone."""
