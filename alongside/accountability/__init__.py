"""Accountability: what is owed and shown to victims, boards and the public."""
