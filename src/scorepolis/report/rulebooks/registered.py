"""Whom a scope covers, by where people are registered, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from scorepolis.rulebooks.schema import Scope

_NAMES: Final = {
    "resident": "those registered here",
    "permit_holder": "migrants with a residence permit",
    "migrant": "migrants without a residence permit",
    "foreigner": "foreigners",
}


def registered(scope: Scope, everybody: str, residents: str) -> str:
    """Say whom a scope covers.

    Parameters
    ----------
    scope : Scope
        The scope of an instrument.
    everybody, residents : str
        What to say of the common scopes: of one that covers all, and of one that covers whoever is registered here.

    Returns
    -------
    str
        One of these, or whom it covers, and whom not.
    """
    covered, others = ([name for name, yes in scope.covers.items() if yes is wanted] for wanted in (True, False))
    if not others:
        return everybody
    if covered == ["resident"]:
        return residents
    inside, outside = ([_NAMES[name] for name in names] for names in (covered, others))
    return f"but only {' and '.join(inside)} (left out: {', '.join(outside)})"
