"""What was published: every protected table that left the office, and what is held against it before the next one."""
