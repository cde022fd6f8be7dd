"""Referrals: every way in, triage, offers and the clock."""
