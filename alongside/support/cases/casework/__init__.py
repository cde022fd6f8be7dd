"""Casework: support from acceptance to close."""
