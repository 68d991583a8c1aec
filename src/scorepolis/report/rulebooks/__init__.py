"""Rulebooks for people: told, checked, compared, replayed and begun."""
