"""The day: what is due for a worker, done in place; and a manager's team: who has how much, is away, covers."""
