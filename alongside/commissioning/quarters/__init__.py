"""The quarter page: the figures of an office, and of a provider, as they are read on the screen."""
