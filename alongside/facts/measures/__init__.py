"""Measures: figures with their definitions, read from snapshots alone."""
