"""Intake: a victim's own referral, a partner's form, and coming back with the phrase."""
