"""The directory: which services exist, for whom, where, and how to reach them."""
