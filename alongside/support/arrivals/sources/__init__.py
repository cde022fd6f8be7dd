"""Sources: how what a force sends is read, set up on a page, tried on a sample and kept in versions."""
