"""The victim's own page, opened without an account: what it shows, who may open it, and what they told us there."""
