"""Journeys in a real browser, with axe on each page."""
