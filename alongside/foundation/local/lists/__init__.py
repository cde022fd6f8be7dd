"""Lists: services of other directories, read, compared with what is held, and taken over one difference at a time."""
