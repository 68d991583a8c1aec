"""The checks as they are put to instruments of firms and public bodies, by the same themes.

Importing this package enters all of them.
"""

from scorepolis.audit.checks.organisations import (  # noqa: F401
    directories,
    dynamics,
    grounds,
    people,
    process,
    proportion,
    targets,
)
