"""Keeping the directory right: who looks after a service, when it is checked again, and errors that anyone flags."""
