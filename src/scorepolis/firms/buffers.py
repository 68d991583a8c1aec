"""The codes of what firms do, of what is recorded of them, and of what follows."""

from __future__ import annotations

DONE, COULD_NOT, DETERRED, LET_OFF = range(4)
"""Fates of an opportunity: taken; no choice; left for fear of the scheme; taken for lack of inspections."""

TRUE, WRONG_FIRM, NOT_DONE, UNABLE = range(4)
"""Truth of a record of a firm, by the codes of people's records."""

NEGATIVE, POSITIVE = range(2)
"""What an entry is."""

NONE = 255
"""No grade; and of the months of a listing: until performance."""

LISTED, CLEAR = 0, 1
"""Standings under a list."""

BINDS, INHERITED = 1, 2
"""What a binding of a public body is: it holds the head; it holds a head who came to it."""

TOLD, APPEALED, UPHELD, RIGHTED = 1, 2, 4, 8
"""Bits of what came of a notice: it reached the firm, which appealed, and will be right, and had not done it."""
