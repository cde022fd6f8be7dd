"""The local offer: who helps whom, where, and who could."""
