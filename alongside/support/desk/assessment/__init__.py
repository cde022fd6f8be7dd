"""The first assessment: needs and what makes them harder, danger, Enhanced Rights, and who was a victim before."""
