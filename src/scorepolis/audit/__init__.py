"""Auditing a rulebook: what is wrong with it, before it is run and by running it."""
