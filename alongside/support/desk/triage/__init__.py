"""Triage: the hub's queue, its saved views and what an officer does from it."""
