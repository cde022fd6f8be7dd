"""Justice: a case's way through police, prosecutors and courts, and who owes the victim news of it by when."""
