"""How victims reach us, and where their referrals go."""
