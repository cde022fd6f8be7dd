"""The rulebook: dated, versioned rules that an office changes."""
