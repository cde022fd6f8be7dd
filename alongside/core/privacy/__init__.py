"""Privacy: how every field is filed, and how identity fields are sealed."""
