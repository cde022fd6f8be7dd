"""What every domain stands on: people who sign in, organisations, rules, languages, files and messages."""
