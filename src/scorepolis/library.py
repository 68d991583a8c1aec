"""What comes with the package, or stands in a file of one's own, by name: rulebooks, scenarios, societies."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from scorepolis.parameters.model import Society
    from scorepolis.rulebooks import Rulebook
    from scorepolis.scenarios import Scenario


def load_rulebook(name_or_path: str | Path) -> Rulebook:
    """Read a rulebook and check that it fits together.

    Parameters
    ----------
    name_or_path : str or Path
        Name of a rulebook of the library (``"rongcheng-2019"``), of a family of dated ones (``"defaulter-list"``, the
        latest is taken), or a YAML file.

    Returns
    -------
    Rulebook
        Frozen; in a notebook it shows itself.

    Raises
    ------
    InputError
        If there is no such rulebook, or something in it is wrong; the message names file, line and column.

    Examples
    --------
    >>> import scorepolis as sp
    >>> [instrument.id for instrument in sp.load_rulebook("suining-2010").instruments]
    ['points']
    """
    from scorepolis import parameters, rulebooks

    return rulebooks.load(rulebooks.families().get(str(name_or_path), name_or_path), parameters.load())


def load_scenario(name_or_path: str | Path) -> Scenario:
    """Read a scenario and check that what it names exists.

    Parameters
    ----------
    name_or_path : str or Path
        Name of a scenario of the library (``"town"``), or a YAML file.

    Returns
    -------
    Scenario
        Frozen; `scorepolis.run` takes it.

    Raises
    ------
    InputError
        If there is no such scenario, or something in it is wrong; the message names file, line and column.

    Examples
    --------
    >>> import scorepolis as sp
    >>> sp.load_scenario("village").society
    'village'
    """
    from scorepolis import scenarios

    return scenarios.load(name_or_path)


def load_society(name: str) -> Society:
    """Give what a society is made of: people, provinces, shares of town dwellers and migrants, incomes.

    Parameters
    ----------
    name : str
        One of ``scorepolis.catalogue("societies")``.

    Returns
    -------
    Society
        Frozen; every number with its unit, status and source or reason.

    Raises
    ------
    InputError
        If there is no such society.

    Examples
    --------
    >>> import scorepolis as sp
    >>> sp.load_society("village").people.value
    1000
    """
    from scorepolis import parameters
    from scorepolis.core.errors import InputError, nearest

    every = parameters.load().societies
    if name not in every:
        raise InputError(
            f"there is no society '{name}'", expected=f"one of {', '.join(every)}", nearest=nearest(name, every)
        )
    return every[name]
