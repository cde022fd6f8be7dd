"""Feeds: police deliveries, in which sent equals received equals accounted for."""
