"""Practical: small sums for one person from named funds, to the penny; whoever keeps the books reads no name."""
