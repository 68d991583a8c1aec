"""Exact arithmetic: rounding to fixed point, and exponentials and logarithms of fractions.

Every number of the model starts as an exact fraction and becomes an integer of fixed point once.
Binary floating point never takes part, so the same inputs give the same tables on every machine.
"""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final

DIGITS: Final = 40
# Working digits beyond the promised ones, so that the division below cannot disturb the last of them.
_CONTEXT: Final = Context(prec=DIGITS + 10)
_RESULT: Final = Context(prec=DIGITS)
# A scheme and its baseline take the same ones.
_REMEMBERED: Final = 1 << 14


def q(bits: int, value: Fraction | int) -> int:
    """Round an exact value to fixed point, halves upward.

    Parameters
    ----------
    bits : int
        Number of bits after the binary point.
    value : Fraction or int
        Exact value.

    Returns
    -------
    int
        ``floor(value * 2**bits + 1/2)``.
    """
    # In whole numbers throughout: thousands of entries are rounded at the start of a run.
    above, below = value.numerator, value.denominator
    return ((above << (bits + 1)) + below) // (2 * below)


@lru_cache(_REMEMBERED)
def exp_fraction(value: Fraction | int) -> Fraction:
    """Exponential of an exact value, correct to 40 significant digits.

    Parameters
    ----------
    value : Fraction or int
        Exact exponent.

    Returns
    -------
    Fraction
        The decimal result of 40 digits, as an exact fraction.
    """
    return Fraction(_RESULT.plus(_CONTEXT.exp(_decimal(Fraction(value)))))


@lru_cache(_REMEMBERED)
def ln_fraction(value: Fraction | int) -> Fraction:
    """Natural logarithm of an exact positive value, correct to 40 significant digits.

    Parameters
    ----------
    value : Fraction or int
        Exact argument, above zero.

    Returns
    -------
    Fraction
        The decimal result of 40 digits, as an exact fraction.

    Raises
    ------
    ValueError
        If the value is not above zero.
    """
    exact = Fraction(value)
    if exact <= 0:
        raise ValueError(f"the logarithm needs a value above zero, got {exact}")
    return Fraction(_RESULT.plus(_CONTEXT.ln(_decimal(exact))))


def _decimal(value: Fraction) -> Decimal:
    return _CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))
