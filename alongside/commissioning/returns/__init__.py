"""Returns: the quarter page of the commissioning realm."""
