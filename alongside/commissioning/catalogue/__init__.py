"""Catalogue: every measure with its words, its history and its changes; the counting rules on paper."""
