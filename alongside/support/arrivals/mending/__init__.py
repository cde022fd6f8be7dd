"""Mending: held and rejected rows of a feed, opened, put right, taken in, returned or closed. None expires unseen."""
