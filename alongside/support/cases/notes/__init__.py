"""Notes: what a colleague would need to know, kept as it was written; counselling notes for those who are named."""
