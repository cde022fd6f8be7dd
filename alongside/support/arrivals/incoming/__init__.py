"""Referrals that the hub itself takes down: from somebody who telephones, writes or comes in."""
