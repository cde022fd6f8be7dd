"""Alongside: victim services for a police area, from first contact to proof that it worked."""
