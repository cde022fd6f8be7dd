"""Referrals on the spot: events, the phones of those who work there, and what was taken with no signal."""
