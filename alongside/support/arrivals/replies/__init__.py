"""Replies: what may go back to an officer without a login, on a page that opens once."""
