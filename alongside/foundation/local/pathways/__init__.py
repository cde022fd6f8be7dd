"""Pathways: what a professional does after each crime, who takes it now, and who knows most about it here."""
