"""The front door: home by role, and the pages that anyone may read."""
