"""Risk: questions asked of a victim by a dated set, how high it makes a risk, how that moves, and who is told."""
