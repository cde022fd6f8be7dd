"""Group work: programmes of a service, who is in them, their sessions and registers."""
