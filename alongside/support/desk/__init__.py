"""The hub at work: calls, the queue, needs, posters and events."""
