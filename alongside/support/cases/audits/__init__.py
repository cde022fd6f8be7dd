"""Management audit by sample: cases drawn by lot, read against questions, told to their worker, counted by theme."""
