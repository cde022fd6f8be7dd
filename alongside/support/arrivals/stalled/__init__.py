"""Offers that nobody answers: asked again, told to the hub, called back and sent on, each step by its clock."""
