"""The oracle: a slow, plain twin of the Scorepolis engine, written from docs/method.md and docs/formats.md alone."""

from .world import World

__all__ = ["World"]
