"""The checks, by theme. Importing this package enters all of them."""

from collections.abc import Mapping
from typing import Final

from scorepolis.audit.checks import (  # noqa: F401
    directories,
    dynamics,
    grounds,
    organisations,
    persons,
    process,
    proportion,
)
from scorepolis.audit.finding import Check
from scorepolis.audit.registry import REGISTRY

CHECKS: Final[Mapping[str, Check]] = REGISTRY
"""Every check by its id."""
