"""The floor everybody stands on: columns, draws, exact arithmetic, calendar, provenance, errors."""
