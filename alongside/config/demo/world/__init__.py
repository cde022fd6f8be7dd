"""The synthetic world: fifteen months of one police area, seeded, with nobody real in it."""

from alongside.config.demo.world.build import build

__all__ = ["build"]
