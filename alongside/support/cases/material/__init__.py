"""Material: who asked a service for records about a victim, whether they may have them, and what they were given."""
