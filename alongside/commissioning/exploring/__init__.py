"""Exploring: measures, breakdowns, quarters and comparisons as somebody chooses them, drawn, kept and taken away."""
