"""The agenda: what is due on a case, put there by whatever makes it due, and read by the worker's day."""
