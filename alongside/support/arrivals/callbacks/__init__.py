"""Calls that somebody asked for: when, made or missed, and offered again."""
