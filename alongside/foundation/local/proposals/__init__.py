"""Proposals: changes to what a service says of itself, written, looked at, agreed by the hub and dated."""
