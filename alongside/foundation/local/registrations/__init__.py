"""Registrations: small groups that make themselves known, looked at before they are mapped."""
