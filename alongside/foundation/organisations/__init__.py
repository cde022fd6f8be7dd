"""Organisations, memberships and areas: who works for whom, and where."""
