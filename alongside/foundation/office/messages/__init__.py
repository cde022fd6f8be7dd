"""Messages: how a person may safely be reached, and the only door out."""
