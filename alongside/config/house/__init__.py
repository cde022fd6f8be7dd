"""The house: generated documents, held against the code."""
