"""The other party of a case: a guarded record, compared by blind indexes alone, and what it warns of."""
