"""Return templates: what an office asks its providers each quarter, set up by page and published from a day."""
