"""Finding: what people write in their own words, and the services that it leads to."""
