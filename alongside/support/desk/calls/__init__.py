"""The hub's first call to somebody, step by step, and what came of a call in three keys."""
