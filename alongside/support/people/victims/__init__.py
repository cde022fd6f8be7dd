"""Victims: who a person is, what they agreed to, and who looked."""
