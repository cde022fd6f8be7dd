"""Duty: who at the hub answers for referrals that nobody has taken."""
