"""A provider alongside a victim, until the end."""
