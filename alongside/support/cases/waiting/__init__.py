"""Waiting lists: who waits for which help, in which order and why, and how each is looked after meanwhile."""
