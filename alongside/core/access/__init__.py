"""Access: who may open which address, said once at the view."""
