"""Clocks: what is due on a referral, several at once, and pauses of them for a coded reason."""
