"""Commissioning: understand, plan, do, review. Never sees a victim."""
