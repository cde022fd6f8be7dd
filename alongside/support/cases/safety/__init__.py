"""Safety plans: a living page of what somebody does to be safer, in their own words, and what of it may be on paper."""
