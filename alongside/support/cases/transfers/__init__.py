"""A case handed on to another provider with the agreement of whoever it is about: offered, accepted or not."""
