"""Outcomes: what changed for a person, by their own words or scale."""
