"""Auditing a rulebook: what is wrong with it, before it is run and by running it."""

from scorepolis.audit.checks import CHECKS
from scorepolis.audit.finding import SEVERITIES, Check, Finding
from scorepolis.audit.static import Audit, audit
from scorepolis.calling import called_as

__all__ = ["CHECKS", "SEVERITIES", "Audit", "Check", "Finding", "audit"]

called_as(__name__, "scorepolis.audit.static")
