"""Who a victim is, and who is the same person."""
