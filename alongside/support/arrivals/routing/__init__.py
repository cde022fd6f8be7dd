"""Routing: rules in order say where a referral goes; a list of them is a version, in force from a moment."""
