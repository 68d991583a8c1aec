"""One synthetic life, told from what a run kept: in order, beside the same life under other rules."""

from scorepolis.calling import called_as

called_as(__name__, "scorepolis.explain.make")
