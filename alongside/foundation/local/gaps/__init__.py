"""Gaps: where nobody helps after a crime, where several do the same, and what changed since last quarter."""
