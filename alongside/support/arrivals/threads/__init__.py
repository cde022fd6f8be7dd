"""Questions and answers between the hub and whoever referred somebody, on one referral, with documents they add."""
