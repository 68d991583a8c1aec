"""Results for people to read."""

from scorepolis.calling import called_as

called_as(__name__, "scorepolis.report.report")
