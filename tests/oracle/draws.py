"""Section 1: the arithmetic and the random numbers."""

import decimal
from fractions import Fraction

MASK = 0xFFFFFFFF

PERSON, HOUSEHOLD, HOME, ATTRIBUTE, TRAIT, PLACE, START, PAST, TIE = 1, 2, 3, 4, 5, 6, 7, 8, 9
GATE, ACT, OBSERVE, FALSE_RECORD, LEARN, TREATED, LIVE, EXCHANGE, PANEL = 10, 11, 12, 13, 14, 15, 16, 17, 18
COURT, APPEAL, SUIT, HEAR = 19, 20, 21, 22
BODY, OWE, PRESS, LOOK = 23, 24, 25, 26
FIRM, TRADE, INSPECT, RATE, CONTEST = 27, 28, 29, 30, 31
REPAIR = 33

DECIMAL = decimal.Context(prec=40)


def philox(counter, key):
    """Philox4x32-10 of Salmon and others (2011): four words of counter, two of key, four words out."""
    a, b, c, d = counter
    k0, k1 = key
    for _ in range(10):
        p = 0xD2511F53 * a
        q = 0xCD9E8D57 * c
        a, b, c, d = (q >> 32) ^ b ^ k0, q & MASK, (p >> 32) ^ d ^ k1, p & MASK
        k0 = (k0 + 0x9E3779B9) & MASK
        k1 = (k1 + 0xBB67AE85) & MASK
    return a, b, c, d


class Draws:
    """The draws of one seed."""

    def __init__(self, seed):
        self.key = (seed & MASK, seed >> 32)

    def __call__(self, purpose, index, sub, day):
        return philox((index, sub, day, purpose), self.key)


def half(word, which):
    """The low (0) or high (1) half of a word."""
    return (word >> 16) if which else (word & 0xFFFF)


def chance(word, share):
    """Whether a word falls within a chance, Q30."""
    return (word >> 2) < share


def q(n, x):
    """x in units of 2^-n, rounded half up, exactly."""
    return (Fraction(x) * 2 ** (n + 1) + 1) // 2


def clamp(x, least, most):
    return min(max(x, least), most)


def byte(x):
    return clamp(x, 0, 255)


def sround(num, den, u):
    """num / den rounded down or up at random, u a word."""
    whole, rest = num // den, num % den
    return whole + (1 if (u * den) >> 32 < rest else 0)


def _decimal(x):
    x = Fraction(x)
    return DECIMAL.divide(decimal.Decimal(x.numerator), decimal.Decimal(x.denominator))


def exp(x):
    return Fraction(DECIMAL.exp(_decimal(x)))


def ln(x):
    return Fraction(DECIMAL.ln(_decimal(x)))
