"""Core: access, lifecycle, events, privacy, rows, clocks, money, periods and pages. No domain words."""
