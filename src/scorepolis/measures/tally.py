"""Tallies of a district and how they become the counts of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from scorepolis.core.buffers import (
    CHANNELS,
    COURT_STEPS,
    EVENT_FIELDS,
    KINDS,
    LEDGER_FIELDS,
    NOTICE,
    PANEL_ENTRIES,
    PANEL_EVENTS,
    PEOPLE_FIELDS,
    REPAIR_FLOWS,
    STANDING_FIELDS,
    STATE_FIELDS,
)
from scorepolis.measures.counts import CELLS, Counts
from scorepolis.measures.snapshot import (
    BELIEF,
    HARDSHIP,
    HELD_TIES,
    INCOME,
    KNOWS,
    MOMENT_MARKS,
    MOMENT_PEOPLE,
    MOTIVE,
    ON_CHANNEL,
    OPINION,
    PEOPLE,
    PRIVATE,
    PUBLIC,
    REMARKED,
    TRUST,
)

Columns = dict[str, npt.NDArray[Any]]

FLOWS = {
    "tally_acts": "acts",
    "tally_silenced": "silenced",
    "tally_for_points": "for_points",
    "tally_records": "records",
    "tally_entries": "entries",
    "tally_shared": "shared",
    "tally_points": "points",
    "tally_wrongful": "wrongful",
    "tally_courts": "courts",
    "tally_appeals": "appeals",
    "tally_repairs": "repairs",
    "tally_outcomes": "outcomes",
    "tally_shut_out": "shut_out",
    "tally_audience": "audience",
    "tally_ties_lost": "ties_lost",
}
"""Tallies that are flows of a month by group cell, and the counts they become."""

ACROSS = ("by_place", "firm_flows", "body_flows")
"""Flows that are not by group cell."""

BY_INSTRUMENT = frozenset(
    {
        *("tally_entries", "tally_shared", "tally_points", "tally_wrongful", "tally_appeals", "tally_repairs"),
        "tally_shut_out",
        *("moment_score", "moment_marks", "moment_grades"),
    }
)
"""Tallies whose second axis is that of the instruments in force in the district."""

MOMENTS = ("moment_people", "moment_score", "moment_marks", "moment_grades")
"""Tallies that are a moment's snapshot."""

INSTRUMENT = LEDGER_FIELDS.index("instrument")
EVENT, CODE = (EVENT_FIELDS.index(name) for name in ("event", "code"))

FIELDS = {
    "people": PEOPLE, "income": INCOME, "hardship": HARDSHIP, "trust": TRUST, "opinion": OPINION, "motive": MOTIVE,
    "private_support": PRIVATE, "public_support": PUBLIC, "ties": HELD_TIES,
}  # fmt: skip


def new_tallies(behaviours: int, services: int, sensors: int, instruments: int, grades: int) -> Columns:
    """Allocate the tallies of a workspace, all zero."""
    kinds = behaviours + services
    shapes = {
        "tally_acts": (CELLS, kinds),
        "tally_silenced": (CELLS, kinds),
        "tally_for_points": (CELLS, kinds),
        "tally_records": (CELLS, sensors, KINDS),
        "tally_entries": (CELLS, instruments, 4),
        "tally_shared": (CELLS, instruments, 2),
        "tally_points": (CELLS, instruments, 2),
        "tally_wrongful": (CELLS, instruments, KINDS),
        "tally_courts": (CELLS, COURT_STEPS),
        "tally_appeals": (CELLS, instruments, 3),
        "tally_repairs": (CELLS, instruments, REPAIR_FLOWS),
        "tally_outcomes": (CELLS, services, 5),
        "tally_shut_out": (CELLS, instruments),
        "tally_audience": (CELLS, len(CHANNELS)),
        "tally_ties_lost": (CELLS,),
        "moment_people": (CELLS, MOMENT_PEOPLE),
        "moment_score": (CELLS, instruments),
        "moment_marks": (CELLS, instruments, MOMENT_MARKS),
        "moment_grades": (CELLS, instruments, grades),
        "panel_ledger": (256, len(LEDGER_FIELDS)),
        "panel_events": (256, len(EVENT_FIELDS)),
    }
    return {name: np.zeros(shape, np.int64) for name, shape in shapes.items()}


def new_states(people: int, instruments: int) -> npt.NDArray[np.int32]:
    """Allocate the states of a district's panel: a row per person."""
    return np.zeros((people, len(STATE_FIELDS) + len(STANDING_FIELDS) * instruments), np.int32)


class Tally:
    """Sums the tallies of all workspaces, month by month, and keeps what districts wrote of the panel.

    Parameters
    ----------
    denies
        Whether a grade is denied any service, by instrument of the run and grade.
    units
        Of each district the unit in which it lies, where flows are told by unit; None: by neighbourhood.
    part
        Which of the districts are told of here; all of them by default.
    """

    def __init__(
        self, denies: npt.NDArray[np.uint8], units: npt.NDArray[np.int32] | None = None, part: slice = slice(None)
    ) -> None:
        self._denies, self._units, self._part = denies.astype(np.int64), units, part
        self._flows: dict[str, list[npt.NDArray[np.int64]]] = {name: [] for name in (*FLOWS.values(), *ACROSS)}
        self._moments: dict[str, list[npt.NDArray[np.int64]]] = {}
        self._ledger: list[npt.NDArray[np.int64]] = []
        self._events: list[npt.NDArray[np.int64]] = []
        self._states: list[npt.NDArray[np.int32]] = []
        self._people: dict[str, npt.NDArray[np.int64]] = {}
        self._told = 0

    def take_people(self, districts: Sequence[Columns]) -> None:
        """Keep who the people of the panel are, on the morning of day 0."""
        slots = [d["panel_slots"].astype(np.int64) + d["first_slot"] for d in districts]
        self._people = {"slot": np.concatenate(slots)}
        for name in PEOPLE_FIELDS:
            self._people[name] = np.concatenate([d[name][d["panel_slots"]] for d in districts]).astype(np.int64)

    def take_moment(self, workspaces: Sequence[Columns], districts: Sequence[Columns]) -> None:
        """Add the snapshots that have just been made, and the states of the panel; the snapshots begin anew."""
        self._states.append(self._panel_states(districts))
        people = self._sum(workspaces, "moment_people")
        marks = self._sum(workspaces, "moment_marks")
        *remarked, aware = (marks[..., np.arange(MOMENT_MARKS) & bit > 0].sum(axis=2) for bit in (*REMARKED, KNOWS))
        moment = {name: people[:, field] for name, field in FIELDS.items()}
        moment |= {
            "belief": people[:, BELIEF : BELIEF + 4],
            "on_channel": people[:, ON_CHANNEL:],
            "in_scope": marks.sum(axis=2),
            "score": self._sum(workspaces, "moment_score"),
            "aware": aware,
            "marks": np.stack(remarked, axis=2),
            "grades": self._sum(workspaces, "moment_grades"),
            "firm_moments": _over(districts, "firm_moment"),
            "body_moments": _over(districts, "body_moment"),
        }
        for name, array in moment.items():
            self._moments.setdefault(name, []).append(array)
        for workspace in workspaces:
            for name in MOMENTS:
                workspace[name][:] = 0

    def take_month(self, workspaces: Sequence[Columns], districts: Sequence[Columns], days: int) -> None:
        """Add the month's flows, and set the tallies of the workspaces back to zero.

        `shut_out` becomes person-days: those shut out when the month began, for all its days, and what each change of
        standing since then added or took.
        """
        for name, flow in FLOWS.items():
            self._flows[flow].append(self._sum(workspaces, name))
        at_start = self._moments["grades"][-1]
        if at_start.size:
            self._flows["shut_out"][-1] += (at_start * self._denies).sum(axis=2) * days
        self._flows["by_place"].append(self._by_place(districts))
        for name in ("firm_flows", "body_flows"):
            self._flows[name].append(_over(districts, name))
        for workspace in workspaces:
            for name in FLOWS:
                workspace[name][:] = 0

    def _by_place(self, districts: Sequence[Columns]) -> npt.NDArray[np.int64]:
        if self._units is None:
            return np.concatenate([d["tally_places"] for d in districts]).copy()
        places = np.zeros((int(self._units[-1]) + 1, districts[0]["tally_places"].shape[1]), np.int64)
        for unit, d in zip(self._units[self._part], districts, strict=True):
            places[unit] += d["tally_places"].sum(axis=0)
        return places

    def _sum(self, workspaces: Sequence[Columns], name: str) -> npt.NDArray[np.int64]:
        """Sum a tally over workspaces; those of instruments go to the places that these have in the run."""
        first: npt.NDArray[np.int64] = workspaces[0][name]
        if name not in BY_INSTRUMENT:
            return sum((workspace[name] for workspace in workspaces[1:]), first.copy())
        total = np.zeros((CELLS, len(self._denies), *first.shape[2:]), np.int64)
        for workspace in workspaces:
            total[:, workspace["instruments"]] += workspace[name]
        return total

    def _panel_states(self, districts: Sequence[Columns]) -> npt.NDArray[np.int32]:
        """States of the panel, with standing under every instrument of the run; 0 where one is not in force."""
        fixed, each = len(STATE_FIELDS), len(STANDING_FIELDS)
        every = np.arange(len(self._denies))
        held: list[npt.NDArray[np.int32]] = []
        for d in districts:
            rows = d["panel_states"]
            if not np.array_equal(d["instruments"], every):
                rows = np.zeros((len(rows), fixed + each * every.size), np.int32)
                places = fixed + (d["instruments"][:, None] * each + np.arange(each)).ravel()
                rows[:, np.concatenate([np.arange(fixed), places])] = d["panel_states"]
            held.append(rows)
        return np.concatenate(held)

    def take_panel(self, district: Columns) -> None:
        """Keep what a district wrote of its panel, later in time than what it wrote before, and begin anew.

        Instruments go by their numbers in the run from here on.
        """
        filled, instruments = district["filled"], district["instruments"]
        ledger = district["panel_ledger"][: filled[PANEL_ENTRIES]].copy()
        ledger[:, INSTRUMENT] = instruments[ledger[:, INSTRUMENT]]
        self._ledger.append(ledger)
        events = district["panel_events"][: filled[PANEL_EVENTS]].copy()
        notices = events[:, EVENT] == NOTICE
        events[notices, CODE] = instruments[events[notices, CODE]]
        self._events.append(events)
        filled[[PANEL_ENTRIES, PANEL_EVENTS]] = 0

    def latest(self) -> dict[str, npt.NDArray[Any]]:
        """Give what was taken last: a moment, and the month that followed; of the first moment also who the panel is.

        Returns
        -------
        dict
            Arrays that `add` takes.
        """
        month = {f"flow {name}": months[-1] for name, months in self._flows.items() if months}
        moment = {f"moment {name}": moments[-1] for name, moments in self._moments.items()}
        panel: dict[str, npt.NDArray[Any]] = {
            "states": self._states[-1],
            "ledger": _joined(self._ledger[self._told :], LEDGER_FIELDS),
            "events": _joined(self._events[self._told :], EVENT_FIELDS),
        }
        if len(self._states) == 1:
            panel |= {f"people {name}": column for name, column in self._people.items()}
        self._told = len(self._ledger)
        return month | moment | panel

    def add(self, taken: Mapping[str, npt.NDArray[Any]]) -> None:
        """Take over what another tally took, in the order in which it did."""
        for key, array in taken.items():
            kind, _, name = key.partition(" ")
            if kind == "flow":
                self._flows[name].append(array)
            elif kind == "moment":
                self._moments.setdefault(name, []).append(array)
            elif kind == "people":
                self._people[name] = array
        self._states.append(taken["states"])
        self._ledger.append(taken["ledger"])
        self._events.append(taken["events"])
        self._told = len(self._ledger)

    def counts(self) -> Counts:
        """All months taken so far; the tally goes on with views of them, so that they are held once."""
        arrays: dict[str, npt.NDArray[np.int64]] = {}
        for kept in (self._flows, self._moments):
            for name, months in kept.items():
                arrays[name] = np.ascontiguousarray(np.stack(months), np.int64)
                kept[name] = list(arrays[name])
        return Counts.of(arrays)

    def ledger(self) -> dict[str, npt.NDArray[np.int64]]:
        """Ledger of the panel, ordered by slot, day and order of the agenda."""
        return _by_slot(self._ledger, LEDGER_FIELDS)

    def people(self) -> dict[str, npt.NDArray[np.int64]]:
        """Who the people of the panel are, by slot."""
        return self._people

    def events(self) -> dict[str, npt.NDArray[np.int64]]:
        """Lives of the panel, ordered by slot, day and order of the day."""
        return _by_slot(self._events, EVENT_FIELDS)

    def states(self, days: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[np.integer[Any]]]:
        """States of the panel, ordered by slot and moment.

        Parameters
        ----------
        days
            Of each moment, the last day lived; -1 for the start.

        Returns
        -------
        dict
            `slot` and `day`, the fields of a state, and those of standing with the instrument's number behind.
        """
        rows = np.stack(self._states, axis=1)
        people, moments, _ = rows.shape
        instruments = (rows.shape[2] - len(STATE_FIELDS)) // len(STANDING_FIELDS)
        names = [*STATE_FIELDS, *(f"{name}_{k}" for k in range(instruments) for name in STANDING_FIELDS)]
        when = {"slot": np.repeat(self._people["slot"], moments), "day": np.tile(days, people)}
        return when | {name: rows[:, :, at].ravel() for at, name in enumerate(names)}


class Gathering:
    """Puts together what tallies of some districts each took of the same moment and month.

    Parameters
    ----------
    by_unit
        Whether flows by place are told by unit, and so are sums.
    """

    def __init__(self, *, by_unit: bool) -> None:
        self._by_unit = by_unit
        self._sums: dict[str, npt.NDArray[Any]] = {}
        self._rows: dict[str, dict[int, npt.NDArray[Any]]] = {}

    def take(self, first: int, taken: Mapping[str, npt.NDArray[Any]]) -> None:
        """Add what `Tally.latest` gave for the districts from `first` on."""
        for key, array in taken.items():
            sums = key.startswith(("flow ", "moment ")) and (self._by_unit or key != "flow by_place")
            if not sums:
                self._rows.setdefault(key, {})[first] = array
            elif key in self._sums:
                self._sums[key] += array
            else:
                self._sums[key] = array.copy()

    def whole(self) -> dict[str, npt.NDArray[Any]]:
        """Give what one tally of all districts would have given."""
        return self._sums | {
            key: np.concatenate([parts[n] for n in sorted(parts)]) for key, parts in self._rows.items()
        }


def _over(districts: Sequence[Columns], name: str) -> npt.NDArray[np.int64]:
    """Sum over districts what each counts for itself."""
    first: npt.NDArray[np.int64] = districts[0][name]
    return sum((d[name] for d in districts[1:]), first.copy())


def _joined(parts: Sequence[npt.NDArray[np.int64]], names: tuple[str, ...]) -> npt.NDArray[np.int64]:
    return np.concatenate(parts) if parts else np.zeros((0, len(names)), np.int64)


def _by_slot(months: list[npt.NDArray[np.int64]], names: tuple[str, ...]) -> dict[str, npt.NDArray[np.int64]]:
    """Bring rows that are in order of time into the order of people; the slot stands first."""
    rows = _joined(months, names)
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    return {name: np.ascontiguousarray(rows[:, at]) for at, name in enumerate(names)}
