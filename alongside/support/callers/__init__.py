"""Whoever telephones the hub and is not in the queue yet: what is said on the call becomes a referral."""
