"""Outcome tools: the office writes them, a worker prints them, and a victim answers them on their own phone."""
