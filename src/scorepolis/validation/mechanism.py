"""The day's own deterrence, asked in natural units."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from scorepolis.core.errors import InputError
from scorepolis.day.coefficients import coefficient_table
from scorepolis.day.deterrence import deterrence
from scorepolis.day.tables import build_tables
from scorepolis.parameters import load

LARGEST_LOSS = 65535 / 4096
"""Years of income beyond which the day tells losses no longer apart."""


@dataclass(frozen=True)
class Deterrent:
    """The compiled function with which people decide, under some coefficients.

    Attributes
    ----------
    coefficients, neg_exp
        Tables of a run.
    """

    coefficients: npt.NDArray[Any]
    neg_exp: npt.NDArray[Any]

    @classmethod
    def of(cls, **settings: float | str) -> Deterrent:
        """Take the usual coefficients, with some of `coefficients.deterrence` replaced by name."""
        return cls(coefficient_table(load(deterrence_settings(**settings))), _neg_exp())

    def remaining(self, risk: float, loss: float) -> float:
        """Share of wishes that survive a threat which ordinary law does not make.

        Parameters
        ----------
        risk
            Believed risk of being recorded.
        loss
            What a record costs, in years of income.
        """
        if not 0 <= risk <= 1:
            raise InputError(f"the risk {risk} is not a share", expected="a number from 0 to 1")
        if not 0 <= loss <= LARGEST_LOSS:
            raise InputError(f"a loss of {loss} years of income", expected=f"from 0 to {LARGEST_LOSS:.4f}")
        fixed = (int(risk * 65536 + 0.5), 0, int(loss * 4096 + 0.5))
        return int(deterrence(*fixed, self.coefficients, self.neg_exp)) / 65536


def deterrence_settings(**settings: float | str) -> dict[str, float | str]:
    """Turn names of `coefficients.deterrence` into paths of parameters."""
    return {f"coefficients.deterrence.{name}": value for name, value in settings.items()}


@functools.cache
def _neg_exp() -> npt.NDArray[Any]:
    """Table of exponentials, which no coefficient changes."""
    parameters = load()
    return build_tables(parameters, (), parameters.societies["village"], 0)["neg_exp"]
