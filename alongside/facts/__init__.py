"""Facts: the corridor, the only place where people become counts."""
