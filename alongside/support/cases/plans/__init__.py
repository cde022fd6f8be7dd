"""Plans: how each need is scored over time, when a plan is looked at again, and what of it its owner was given."""
