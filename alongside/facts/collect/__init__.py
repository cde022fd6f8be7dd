"""Collect: writes pseudonymised snapshots, in which people have become counts."""
