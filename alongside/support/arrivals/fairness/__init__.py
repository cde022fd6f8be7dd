"""Fairness: who is offered what, who is taken on, declined and kept waiting, by area, provider and group."""
