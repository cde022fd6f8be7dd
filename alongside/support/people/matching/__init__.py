"""Matching: records that may be of one person, weighed field by field, for a person to judge."""
