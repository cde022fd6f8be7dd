"""How long somebody will wait, from the list's own flow: a queue played many times, with its assumptions shown."""
