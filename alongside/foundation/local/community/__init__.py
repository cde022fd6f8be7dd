"""Community groups: small organisations that are no service, whom they reach, what they need, who bids together."""
