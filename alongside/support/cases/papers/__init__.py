"""Papers: documents that came with a referral, chosen one by one for the provider that takes it up."""
