"""The engine: it turns the plan into time passing, district by district, month by month."""
