"""Organisations: who works for whom, where, in which role."""
