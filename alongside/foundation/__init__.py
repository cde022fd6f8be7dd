"""Foundation: people, organisations, rules, the directory, documents and the only door out."""
