"""Oversight of third-party reporting: centres, volumes, time to answer, and which are quiet. Counts alone."""
