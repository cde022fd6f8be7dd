"""Exchange: the directory in the national standard for services, Open Referral UK 3.0."""
