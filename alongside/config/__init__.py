"""Wires everything together and thinks nothing."""
