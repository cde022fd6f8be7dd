"""Returns: what each provider says of its quarter, filled in from the casework, asked back, certified, locked."""
