"""Third-party reporting: centres, their posters, and reports of hate that go no further than was chosen."""
