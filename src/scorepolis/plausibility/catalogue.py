"""Reading the published patterns: each figure with unit, source, and the range within which a simulated one fits."""

from __future__ import annotations

from importlib import resources
from typing import Annotated, Final, Literal

from pydantic import Field

from scorepolis.core.provenance import Quantity, Text
from scorepolis.core.yamlfile import read, validate
from scorepolis.parameters.model import Record

NAME: Final = "patterns.yaml"


class Figure(Record):
    """One published figure.

    Attributes
    ----------
    claim
        What the figure is.
    published
        The figure; a simulated one fits if it lies within its range.
    measured
        How the simulated one is taken.
    fitted
        Parameters that were set to give it, by path; none: it is predicted.
    misfit
        Why it does not fit, if it does not.
    """

    claim: Text
    published: Quantity
    measured: Text
    fitted: tuple[Text, ...] = ()
    misfit: Text | None = None


class Pattern(Record):
    """Published figures that belong together."""

    number: Annotated[int, Field(ge=1)]
    title: Text
    figures: Annotated[dict[str, Figure], Field(min_length=1)]


class Forecast(Record):
    """What follows for something of which no figure was taken.

    Attributes
    ----------
    claim, unit
        What it is, and in what.
    measured
        How it is taken.
    years
        First and last year, if it is one number for each.
    """

    claim: Text
    unit: Text
    measured: Text
    years: tuple[int, int] | None = None


class Unshown(Record):
    """A published pattern, or a part of one, for which the model has no counterpart."""

    number: Annotated[int, Field(ge=1)]
    claim: Text
    why: Text


class Catalogue(Record):
    """All patterns, and what the model cannot show of them."""

    version: Literal[1]
    patterns: Annotated[tuple[Pattern, ...], Field(min_length=1)]
    ahead: dict[str, Forecast]
    unshown: tuple[Unshown, ...]

    @property
    def figures(self) -> dict[str, Figure]:
        """All figures by name, in order."""
        return {name: figure for pattern in self.patterns for name, figure in pattern.figures.items()}

    @property
    def forecasts(self) -> dict[str, Forecast]:
        """All forecasts by name, one for each year where there are several."""
        every = {}
        for name, one in self.ahead.items():
            if one.years is None:
                every[name] = one
                continue
            for year in range(one.years[0], one.years[1] + 1):
                every[f"{name}_{year}"] = one.model_copy(update={"claim": f"{one.claim}, {year}", "years": None})
        return every


def load() -> Catalogue:
    """Read the catalogue that comes with the package.

    Returns
    -------
    Catalogue

    Raises
    ------
    InputError
        If something in the file is wrong; the message names line and column.
    """
    return validate(Catalogue, read(resources.files(__package__) / NAME, f"plausibility/{NAME}"))
