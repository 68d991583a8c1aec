"""Bits of a person's `flags`, and the words that behaviours and sensors use for them."""

from __future__ import annotations

FEMALE, URBAN, MINORITY, MIGRANT, PARTY = 1, 2, 4, 8, 16
DRIVER, DOG_OWNER, BORROWER, ONLINE, WORKING, PUBLIC_SERVANT = 32, 64, 128, 256, 512, 1024

OPPORTUNITIES = {
    "driver": DRIVER,
    "dog_owner": DOG_OWNER,
    "borrower": BORROWER,
    "online": ONLINE,
    "working": WORKING,
    "public_servant": PUBLIC_SERVANT,
}
"""Flags that a behaviour or a want may require."""

GROUPS = {"minority": MINORITY, "migrant": MIGRANT}
"""Groups that a sensor may be biased against."""

STATUSES = {"party": PARTY, "public_servant": PUBLIC_SERVANT}
"""Flags that a rulebook may leave out of its scope."""
