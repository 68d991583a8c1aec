"""A district: the columns of its people and places, and the day's buffers."""

from __future__ import annotations

from typing import Any

import numpy as np

from scorepolis.bodies.settle import no_bodies, settle_bodies
from scorepolis.bodies.start import body_spaces, live_bodies_past, open_bodies
from scorepolis.bodies.wait import wait
from scorepolis.core.buffers import (
    CHANNELS,
    ENTRY_FIELDS,
    FILLED,
    REPAIR_MONTH,
)
from scorepolis.core.diary import Due, new_diary, put_all, sorting_space
from scorepolis.core.draws import Purpose, draw_words
from scorepolis.core.usual import PANEL
from scorepolis.day.ageing import grow_older
from scorepolis.day.coefficients import DEADLINE_DAYS, GRACE, LATE_DAYS, REMOVAL, REVIEW_DAYS, SUIT_SHORTEST, SUIT_SPAN
from scorepolis.day.hold import hold, hold_heads
from scorepolis.day.rates import set_gates
from scorepolis.day.rest import Packed, organised, unpack
from scorepolis.day.start import start_standing, start_state
from scorepolis.day.tables import Tables
from scorepolis.firms.settle import no_firms, settle_firms
from scorepolis.firms.start import call, firm_spaces, live_firms_past, open_firms
from scorepolis.measures.counts import PLACE_FLOWS
from scorepolis.measures.tally import new_states, new_tallies
from scorepolis.parameters.model import Parameters, Society
from scorepolis.rulebooks.codes import BY_RANK, MERITS
from scorepolis.society.derived import derive, drawn_of
from scorepolis.society.people import Thresholds
from scorepolis.society.places import Places, coverage_levels
from scorepolis.society.population import build_people
from scorepolis.society.ties import DISTRICT_LAYERS, NEIGHBOUR_LAYERS, tie_keys

Columns = dict[str, Any]
"""Columns by name: arrays, and single numbers such as the day, each as the stages receive it."""


PROFILE = ("flags", "traits", "income_rank", "group_cell", "rate_cell", "household", "age", "education")
STANDING = ("counters", "raw", "standing", "overrides", "marks", "aware")
"""Columns that lie side by side in memory, because whoever needs one of a person's needs the others."""
STRIDED = (*PROFILE, *STANDING, "belief")


def lay_together(columns: Columns, names: tuple[str, ...]) -> None:
    """Move columns into one array of records; each stays a column, as a strided view.

    A day touches few people, here and there: what one of them needs should come with one line of the cache. The last
    axis of a column is the person; the instruments, which stand before it, come behind.
    """
    fields = [(name, columns[name].dtype) for name in names]
    size = columns[names[-1]].shape[::-1]
    records = np.zeros(size, np.dtype(fields))
    for name in names:
        view, column = records[name].T, columns[name]
        for to, row in zip(np.atleast_2d(view), np.atleast_2d(column), strict=True):
            to[...] = row  # row by row: all at once would go from person to person, a row's item at a time
        columns[name] = view


def settle(
    number: int,
    places: Places,
    society: Society,
    parameters: Parameters,
    tables: Tables,
    seed: int,
    thresholds: Thresholds | None = None,
    panel: int = PANEL,
    *,
    firms: bool = False,
    bodies: bool = False,
) -> Columns:
    """Settle a district: its people and places as they are under every rulebook, a pure function of the arguments.

    Of the society's people about `panel` are kept with their whole ledger and life; all, if they are no more. With
    `firms` they have firms, and with `bodies` public bodies.

    Returns
    -------
    dict
        Columns of people, ties and places before any scheme.
    """
    first, last = int(places.districts[number]), int(places.districts[number + 1])
    people = build_people(places, society, parameters, seed, first, last, thresholds)
    del people["home"]
    set_gates(people, tables)
    people |= place_columns(number, places, seed)
    slots = first * 1024 + np.arange(people["age"].size)
    kept = draw_words(seed, Purpose.PANEL, slots, 0, 0)[0].astype(np.int64) < ((1 << 32) * panel) // places.people
    followed = (kept | (places.people <= panel)) & (people["occupied"] > 0)
    people = derive(drawn_of(people) | {"panel_slots": np.flatnonzero(followed).astype(np.uint16)})
    people |= settle_firms(people, parameters, seed) if firms else no_firms()
    return people | (settle_bodies(people, parameters, seed) if bodies else no_bodies())


def new_district(settled: Columns, tables: Tables, seed: int, month: int = 0) -> Columns:
    """Open a settled district on the morning of day 0, under the rulebooks of the tables.

    Parameters
    ----------
    settled
        From `settle`.
    tables
        Of its region.
    seed
        64-bit seed.
    month
        Month number of day 0, which says how far each year of insurance has got.

    Returns
    -------
    dict
        Its own columns, and the tables of the run by reference. To be at work it needs a workspace besides.
    """
    columns = _as_settled(settled, tables)
    first_slot = int(columns["first_slot"])
    start_state(columns, tables, seed, first_slot)
    return _laid(columns, tables, start_standing(columns, tables, seed, first_slot, month))


def waken(settled: Columns, tables: Tables, packed: Packed, birthdays: int) -> Columns:
    """Open a settled district as it was when it was packed.

    Parameters
    ----------
    settled
        From `settle`.
    tables
        Of its region.
    packed
        From `rest.pack`.
    birthdays
        How many times people have grown older since day 0.

    Returns
    -------
    dict
        As `new_district`.
    """
    columns = _as_settled(settled, tables)
    due = unpack(columns, packed, tables)
    columns = _laid(columns, tables, due)
    columns["peers_factor"] = packed["peers_factor"].copy()
    columns |= {name: packed[name].copy() for name in organised(columns)}
    columns["body_held"] = columns["body_head"].copy()
    if columns["bodies_live"]:
        call(wait, columns)
    for _ in range(birthdays):
        grow_older(columns, tables)
    return columns


def _as_settled(settled: Columns, tables: Tables) -> Columns:
    """Take over a settled district; ties are a copy, since some end."""
    calendar = dict.fromkeys(("day", "days_left", "month_number"), np.int64(0))
    return tables | settled | {"ties": settled["ties"].copy()} | calendar


def _laid(columns: Columns, tables: Tables, due: Due) -> Columns:
    """Lay columns as the day wants them, and add the diary and what a month adds to."""
    for together in (PROFILE, ("belief",), STANDING):
        lay_together(columns, together)  # copies: what is settled stays as it is
    days, keys, truths = due
    # With room for what sensors may claim and people do in a day, so that it need not grow on the first.
    columns |= new_diary(horizon(tables), max(1024, 2 * days.size + 24 * columns["levels"].size))
    put_all(
        columns["due_heads"], columns["due_next"], columns["due_key"], columns["due_truth"], columns["due_state"],
        days, keys, truths,
    )  # fmt: skip
    instruments = len(tables["effect_bits"])
    neighbourhoods, behaviours = columns["expected"].shape
    columns["filled"] = np.zeros(FILLED, np.int64)
    columns["stories"] = np.zeros((0, 2), np.int64)
    columns["peers_factor"] = np.full((neighbourhoods, behaviours), 256, np.int32)
    columns["done_here"] = np.zeros((neighbourhoods, behaviours), np.int64)
    columns["shown"] = np.zeros((neighbourhoods, len(CHANNELS)), np.int64)
    columns["news"] = np.zeros((neighbourhoods, instruments), np.int64)
    merits = MERITS if np.any(tables["reckoning"] == BY_RANK) else 0
    columns["place_of_merit"] = np.zeros((instruments, merits), np.int32)
    columns["tally_places"] = np.zeros((neighbourhoods, len(PLACE_FLOWS)), np.int64)
    columns["panel_states"] = new_states(columns["panel_slots"].size, instruments)
    return columns | open_firms(columns) | open_bodies(columns)


def live_past(columns: Columns, first_month: int) -> None:
    """Let a district's firms and public bodies live before day 0, and bind whom they bind; nothing of it is told.

    Parameters
    ----------
    columns
        Of the district, with a workspace, on the morning of day 0.
    first_month
        Calendar month of day 0, from 1.
    """
    untold = columns | {"panel": np.zeros_like(columns["panel"]), "marks": columns["marks"].copy()}
    if columns["firm_size"].size:
        live_firms_past(columns, first_month)
        call(hold, untold)
        columns["firm_filled"][:] = 0
    if columns["body_kind"].size:
        live_bodies_past(columns, first_month)
        call(hold_heads, untold)
        columns["body_filled"][:] = 0


def new_workspace(tables: Tables, slots: int, firms: int = 0, bodies: int = 0) -> Columns:
    """Allocate what districts with these tables need while they are at work: the day's buffers, the month's tallies.

    Parameters
    ----------
    tables
        Of the region.
    slots, firms, bodies
        Slots of the largest district, firms of the one that has most, and public bodies likewise.
    """
    instruments, services, grades = tables["effect_bits"].shape
    tallies = new_tallies(tables["domain"].size, services, tables["sensor_near"].size, instruments, grades)
    spaces = buffers(tables, slots) | firm_spaces(tables, firms) | body_spaces(tables, bodies)
    return spaces | tallies | {"instruments": tables["instruments"]}


def place_columns(number: int, places: Places, seed: int) -> Columns:
    """Columns of a district's places."""
    first, last = int(places.districts[number]), int(places.districts[number + 1])
    sizes = np.array(places.sizes[first:last], np.int32)
    return {
        "sizes": sizes,
        "first_rank": np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32),
        "levels": coverage_levels(places, seed, first, last),
        "neighbour_keys": tie_keys(seed, np.arange(first, last), range(NEIGHBOUR_LAYERS)),
        "district_keys": tie_keys(seed, number, range(NEIGHBOUR_LAYERS, NEIGHBOUR_LAYERS + DISTRICT_LAYERS)),
        "first_slot": np.int64(first * 1024),
        "first_neighbourhood": np.int64(first),
    }


def buffers(tables: Tables, slots: int) -> Columns:
    """Buffers of the day; those that depend on what happens grow in `make_space`."""
    instruments = len(tables["effect_bits"])
    return {
        "gate_words": np.zeros(512, np.uint32),
        "gate_mask": np.zeros(1024, np.uint8),
        "gate_bits": np.zeros(128, np.uint8),
        "candidates": np.zeros(slots, np.uint16),
        "chances": np.zeros(slots, np.uint32),
        "sightings": np.zeros((tables["behaviour_sensors"].shape[1], slots), np.uint32),
        "month_words": np.zeros((7 + instruments, 1024), np.uint32),
        "month_shown": np.zeros((2, 1024), np.uint8),
        "stood": np.zeros(instruments, np.int64),
        "acts_slot": np.zeros(slots, np.uint16),
        "acts_kind": np.zeros(slots, np.uint8),
        "acts_fate": np.zeros(slots, np.uint8),
        "acts_caught": np.zeros(slots, np.uint8),
        "applications_slot": np.zeros(slots, np.uint16),
        "applications_service": np.zeros(slots, np.uint8),
        "outcomes_bits": np.zeros(slots, np.uint8),
        "outcomes_days": np.zeros(slots, np.int32),
        "outcomes_percent": np.zeros(slots, np.int32),
        "agenda_key": np.zeros(0, np.uint64),
        "agenda_truth": np.zeros(0, np.uint32),
        **dict(zip(("agenda_spare_key", "agenda_spare_truth", "agenda_places"), sorting_space(0), strict=True)),
        "entries": np.zeros((0, ENTRY_FIELDS), np.int32),
        "entries_kind": np.zeros(0, np.uint8),
        "entries_appeal": np.zeros(0, np.uint8),
        "steps_key": np.zeros(0, np.uint64),
        "steps_truth": np.zeros(0, np.uint32),
    }


def horizon(tables: Tables) -> int:
    """Days ahead that the diary must reach."""
    terms = [
        tables[name].max(initial=0)
        for name in ("rule_expires", "rule_window", "rule_override_term", "appeal_days", "rule_repair", "repair_days")
    ]
    terms.append(REPAIR_MONTH)
    c = tables["coefficients"]
    court = (c[SUIT_SHORTEST] + c[SUIT_SPAN], c[DEADLINE_DAYS], c[GRACE], c[REVIEW_DAYS] + 1, c[REMOVAL] + c[LATE_DAYS])
    return int(max(*terms, *court, tables["sensor_delay"].sum(axis=1).max())) + 1
