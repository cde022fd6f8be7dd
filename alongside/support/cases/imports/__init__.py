"""Bringing a caseload along: a provider's own spreadsheet, read, mapped, previewed, brought in and taken back."""
