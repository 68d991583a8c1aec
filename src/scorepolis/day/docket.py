"""What lies before the courts on the morning of day 0: those already listed, and the cases under way."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scorepolis.core.buffers import DEADLINE, DECISION, IN_SCOPE, JUDGMENT, REVIEW, TRUE_RECORD, UNABLE
from scorepolis.core.diary import Due
from scorepolis.core.draws import Purpose, draw_words
from scorepolis.day.coefficients import (
    APPLIES,
    DEADLINE_DAYS,
    EVASION,
    GRACE,
    REVIEW_DAYS,
    SUIT_SHORTEST,
    SUIT_SPAN,
    UNABLE_AT_FULL_HARDSHIP,
)
from scorepolis.day.rates import base_rate
from scorepolis.day.tables import Tables

Columns = dict[str, npt.NDArray[Any]]


def take_stock(columns: Columns, tables: Tables, seed: int, first_slot: int) -> Due:
    """List those whom the published stock implies, the same people on every list as far as it goes.

    Returns
    -------
    days, keys, truths : int64, uint64 and uint32 arrays
        Their cases, one per listed person, opened for review.
    """
    here = np.flatnonzero(columns["occupied"])
    words = [w.astype(np.int64) for w in draw_words(seed, Purpose.PAST, first_slot + here, 63, 0)]
    hit = np.zeros(here.size, np.bool_)
    for k, share in enumerate(tables["stock_q32"]):
        listed = ((columns["marks"][k, here] & IN_SCOPE) > 0) & (words[0] < share)
        columns["overrides"][k, here[listed]] += np.uint8(1)
        hit |= listed
    who = here[hit]
    days = 1 + ((words[1][hit] * int(tables["coefficients"][REVIEW_DAYS])) >> 32)
    sued_over = np.full(who.size, tables["court_numbers"][5])
    kind = np.where(words[2][hit] < _unable(columns, tables, who), UNABLE, TRUE_RECORD)
    return _cases(days, who, np.full(who.size, REVIEW), sued_over, kind)


def open_cases(columns: Columns, tables: Tables, seed: int, first_slot: int) -> Due:
    """Bring to the courts what people did before day 0, as far as it is not over: at most one case each.

    Returns
    -------
    days, keys, truths : int64, uint64 and uint32 arrays
        The cases, each due at its next step.
    """
    c = tables["coefficients"]
    judged, decided = int(c[DEADLINE_DAYS]), int(c[GRACE])
    longest = int(c[SUIT_SHORTEST] + c[SUIT_SPAN]) - 1 + judged + decided
    here = np.flatnonzero(columns["occupied"])
    sued_over = np.flatnonzero(tables["suit_share"])
    heaps = np.zeros((1 + sued_over.size, here.size), np.int64)
    for n, b in enumerate(sued_over.tolist()):
        share = tables["suit_share"][b] >> 16
        heaps[n + 1] = heaps[n] + ((base_rate(columns, tables, b)[here] * share) >> 16) * longest
    mass = np.minimum(heaps[-1], (1 << 32) - 1)
    words = [w.astype(np.int64) for w in draw_words(seed, Purpose.PAST, first_slot + here, 62, 0)]
    sued = words[0] < mass
    who, mass = here[sued], mass[sued]
    at = ((words[1][sued].astype(np.uint64) * mass.astype(np.uint64)) >> np.uint64(32)).astype(np.int64)
    over = sued_over[(heaps[1:, sued] <= at).sum(axis=0)]
    ago = (words[2][sued] * longest) >> 32
    judgment = c[SUIT_SHORTEST] + ((words[3][sued] * c[SUIT_SPAN]) >> 32)
    deadline, decision = judgment + judged, judgment + judged + decided
    what = np.select([ago < judgment, ago < deadline], [JUDGMENT, DEADLINE], DECISION)
    due = np.select([ago < judgment, ago < deadline], [judgment, deadline], decision) - ago
    waits = what == DECISION
    unable, goes_on = _undecided(columns, tables, seed, first_slot, who)
    kind = np.where(waits & unable, UNABLE, TRUE_RECORD)
    kept = (due > 0) & (~waits | goes_on)
    return _cases(due[kept], who[kept], what[kept], over[kept], kind[kept])


def _cases(
    days: npt.NDArray[np.int64],
    who: npt.NDArray[np.int64],
    what: npt.NDArray[np.int64],
    over: npt.NDArray[np.int64],
    kind: npt.NDArray[np.int64],
) -> Due:
    """Write cases as the diary holds them; whoever is sued did it."""
    keys = (who.astype(np.uint64) << np.uint64(48)) | ((what << 44) | (over << 8)).astype(np.uint64)
    return days, keys, ((who << 4) | kind).astype(np.uint32)


def _unable(columns: Columns, tables: Tables, who: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Chance, in 2^-32, that each cannot perform a judgment."""
    hardship = columns["hardship"][who].astype(np.int64)
    chance: npt.NDArray[np.int64] = (tables["coefficients"][UNABLE_AT_FULL_HARDSHIP] * hardship) // 255
    return chance


def _undecided(
    columns: Columns, tables: Tables, seed: int, first_slot: int, who: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Tell who could not perform a judgment, and whose creditor goes on to enforcement."""
    c, ignoring = tables["coefficients"], int(tables["court_numbers"][0])
    words = [w.astype(np.int64) for w in draw_words(seed, Purpose.PAST, first_slot + who, 61, 0)]
    unable = words[0] < _unable(columns, tables, who)
    level = (columns["traits"][who].astype(np.int64) >> tables["trait_shift"][ignoring]) & 15
    evades = words[1] < np.minimum(1 << 32, (c[EVASION] * tables["trait_factor"][ignoring][level]) >> 16)
    return unable, (unable | evades) & (words[2] < c[APPLIES])
