"""Accounts: people who sign in, their invitations, second factors and sessions."""
