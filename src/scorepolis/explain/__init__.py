"""One synthetic life, told from what a run kept: in order, beside the same life under other rules."""
