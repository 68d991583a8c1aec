"""Firms as subjects, month by month: who they are, what they do, who inspects and rates them, and what follows."""
