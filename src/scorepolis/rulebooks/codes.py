"""What numbers stand for in the tables of scores. Apart from what is compiled, which is slow to import."""

from __future__ import annotations

from typing import Final

BY_PARTS: Final = 1
BY_YEARS: Final = 2
BY_RANK: Final = 3
"""How a score is reckoned, if it does not change with each record (0): by what features give, by closing a year, or by
place among peers."""

KINDS_OF_VALUE: Final = 8
"""Values below are the number of a counter; from here on come the attributes, and among them the flags by bits."""
NO_FEATURE: Final = -1
HIGHEST_VALUE: Final = 127

AGE: Final = KINDS_OF_VALUE
EDUCATION: Final = AGE + 1
HOUSEHOLD_SIZE: Final = AGE + 2
FIRST_FLAG: Final = AGE + 3

MERITS: Final = 1001
"""Merit goes from 0 to one below this."""

NEVER: Final = -1
"""A number of years that never comes."""
