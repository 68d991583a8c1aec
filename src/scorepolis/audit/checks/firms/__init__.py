"""The checks as they are put to instruments of firms, by the same themes. Importing this package enters all of them."""

from scorepolis.audit.checks.firms import directories, dynamics, grounds, people, process, proportion  # noqa: F401
