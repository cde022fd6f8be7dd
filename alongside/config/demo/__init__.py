"""The demonstration: personas and a synthetic year, on loopback alone."""
