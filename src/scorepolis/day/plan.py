"""The plan is the program: the rows that the engine executes, in order.

A row names a stage, a function, and how often it turns. A compiled function receives columns by the names of its
parameters, so what a row reads is in its signature; what it writes is declared here and checked against `core.columns`
before anything runs.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any, Literal

from scorepolis.bodies.answer import answer
from scorepolis.bodies.bind import bind_heads
from scorepolis.bodies.count import census_bodies, count_bodies
from scorepolis.bodies.grade import grade
from scorepolis.bodies.look import look
from scorepolis.bodies.owe import owe
from scorepolis.bodies.succeed import succeed
from scorepolis.bodies.target import target
from scorepolis.bodies.wait import wait
from scorepolis.core.columns import COLUMNS
from scorepolis.core.draws import Purpose
from scorepolis.day.act import act
from scorepolis.day.ageing import grow_older
from scorepolis.day.appeal import appeal
from scorepolis.day.court import court
from scorepolis.day.exchange import exchange, receive, send
from scorepolis.day.hear import hear
from scorepolis.day.hold import hold, hold_heads
from scorepolis.day.observe import observe
from scorepolis.day.press import press
from scorepolis.day.rank import rank
from scorepolis.day.reckon import reckon
from scorepolis.day.respond import learn, live
from scorepolis.day.score import score
from scorepolis.day.seek import seek
from scorepolis.day.share import share
from scorepolis.day.treat import publish, treat
from scorepolis.firms.bind import bind
from scorepolis.firms.contest import contest
from scorepolis.firms.count import census, count_firms
from scorepolis.firms.inspect import inspect as inspect_firms
from scorepolis.firms.rate import rate
from scorepolis.firms.serve import serve
from scorepolis.firms.trade import trade
from scorepolis.measures.count import count
from scorepolis.measures.file import file
from scorepolis.measures.follow import follow
from scorepolis.measures.snapshot import snapshot
from scorepolis.measures.visit import visit

SERVING = {"body_": "bodies", "firm_": "firms", "rule_shared": "shares", "repair_asks": "repairs"}
"""Beginnings of columns that are empty in most runs, and what is in them in the others; public bodies first, since
what they do to firms is nothing where there are none."""


@dataclass(frozen=True)
class Row:
    """One row of the plan.

    Attributes
    ----------
    stage
        Stage of the loop.
    name
        Name of the row.
    every
        How often it turns: each day, at each month's end, on each 1 January.
    scope
        `district`: called for each district with the columns it names. `columns`: called for each district with all
        its columns. `sends`: called for each district, and hands over letters; `society`: called once, with the
        letters of all; `receives`: called for each district with the news that came for it.
    function
        What is called.
    summary
        What it does, in a sentence.
    writes
        Columns it changes.
    draws
        Purposes for which it draws.
    """

    stage: str
    name: str
    every: Literal["day", "month", "year"]
    scope: Literal["district", "columns", "sends", "society", "receives"]
    function: Callable[..., Any]
    summary: str
    writes: tuple[str, ...]
    draws: tuple[Purpose, ...] = ()

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """Columns that the function receives, in order; none for rows that take whole districts."""
        if self.scope != "district":
            return ()
        function = getattr(self.function, "py_func", self.function)
        return tuple(inspect.signature(function).parameters)

    @cached_property
    def taken(self) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
        """Take what the function receives from the columns of a district."""
        return itemgetter(*self.needs)

    @cached_property
    def serves(self) -> str | None:
        """What it serves that may be nowhere in a run, such as `firms` or `repairs`; it then does nothing."""
        found = (what for start, what in SERVING.items() if any(name.startswith(start) for name in self.needs))
        return next(found, None)

    @property
    def reads(self) -> tuple[str, ...]:
        """Columns it receives and does not change."""
        return tuple(name for name in self.needs if name not in self.writes)

    @property
    def frequency(self) -> str:
        """How often it turns, in a word."""
        return {"day": "daily", "month": "monthly", "year": "yearly"}[self.every]


PLAN: tuple[Row, ...] = (
    Row(
        "act", "birthday", "year", "columns", grow_older,
        "everybody is a year older; rates and gates follow",
        ("age", "rate_cell", "group_cell", "gate", "expected", "leaning"),
    ),
    Row(
        "act", "act", "day", "district", act,
        "people do things, leave wishes undone, and apply for services",
        (
            "gate_words", "gate_mask", "gate_bits", "candidates", "chances",
            "acts_slot", "acts_kind", "acts_fate", "applications_slot", "applications_service", "filled",
        ),
        (Purpose.GATE, Purpose.ACT),
    ),
    Row(
        "observe", "court", "day", "district", court,
        "what is due today is taken from the diary; courts judge, wait, decide and review",
        (
            "agenda_key", "agenda_truth", "filled",
            "due_heads", "due_next", "due_key", "due_truth", "due_state", "tally_courts", "steps_key", "steps_truth",
        ),
        (Purpose.COURT,),
    ),
    Row(
        "observe", "observe", "day", "district", observe,
        "sensors record, miss and mistake; creditors sue",
        (
            "acts_caught", "sightings", "agenda_key", "agenda_truth", "agenda_spare_key", "agenda_spare_truth",
            "agenda_places", "filled",
            "due_heads", "due_next", "due_key", "due_truth", "due_state",
        ),
        (Purpose.OBSERVE, Purpose.FALSE_RECORD, Purpose.SUIT),
    ),
    Row(
        "observe", "press", "day", "district", press,
        "where targets press on reports, collectors look harder, and officials make reports up",
        ("acts_caught", "body_reports", "due_heads", "due_next", "due_key", "due_truth", "due_state"),
        (Purpose.PRESS,),
    ),
    Row(
        "score", "score", "day", "district", score,
        "instruments turn records into points, overrides and grades; old points run out",
        (
            "raw", "standing", "counters", "overrides", "marks", "stood", "entries", "filled",
            "due_heads", "due_next", "due_key", "due_state",
        ),
    ),
    Row(
        "score", "share", "day", "district", share,
        "what was entered for one is entered in part for the household, where a rule shares it",
        (
            "raw", "standing", "overrides", "marks", "stood", "entries", "filled",
            "due_heads", "due_next", "due_key", "due_state",
        ),
    ),
    Row(
        "treat", "treat", "day", "district", treat,
        "applications are granted, refused, delayed, made dearer or cheaper by standing",
        ("marks", "outcomes_bits", "outcomes_days", "outcomes_percent"),
    ),
    Row(
        "measure", "count", "day", "district", count,
        "the day is counted by group, and the panel's ledger is joined with the truth",
        (
            "tally_acts", "tally_silenced", "tally_for_points", "tally_records", "tally_entries", "tally_shared",
            "tally_points",
            "tally_wrongful", "tally_outcomes", "tally_shut_out", "tally_places", "tally_courts", "done_here",
            "entries_kind", "panel_ledger", "filled",
        ),
    ),
    Row(
        "respond", "appeal", "day", "district", appeal,
        "people who are told of a penalty appeal, the wronged more often",
        ("due_heads", "due_next", "due_key", "due_state", "tally_appeals", "entries_appeal"),
        (Purpose.APPEAL,),
    ),
    Row(
        "respond", "learn", "day", "district", learn,
        "people learn the risk from their own and their friends' acts, and take treatment to heart",
        ("belief", "experience", "income", "hardship", "trust", "opinion", "motive", "aware", "stories", "filled"),
        (Purpose.LEARN, Purpose.TREATED),
    ),
    Row(
        "respond", "seek", "day", "district", seek,
        "people ask for the repair of entries by course, pledge or good deeds, if they know of it and can",
        ("hardship", "due_heads", "due_next", "due_key", "due_state", "tally_repairs"),
        (Purpose.REPAIR,),
    ),
    Row(
        "measure", "follow", "day", "district", follow,
        "the panel's day is written down: acts, court steps, records, answers, notices",
        ("panel_events", "filled"),
    ),
    Row(
        "act", "trade", "month", "district", trade,
        "firms take opportunities, leave them, or have no choice; they apply for services",
        ("firm_acts", "firm_applications", "firm_filled"),
        (Purpose.TRADE,),
    ),
    Row(
        "observe", "inspect", "month", "district", inspect_firms,
        "offices and customs inspect firms by their standing; desks read what is filed; some favour the connected",
        ("firm_inspections", "firm_records", "firm_records_truth", "firm_filled"),
        (Purpose.INSPECT,),
    ),
    Row(
        "score", "rate", "month", "district", rate,
        "records move the year's scores of firms, some assign a grade at once; once a year scores become grades",
        (
            "firm_points", "firm_assigned", "firm_standing", "firm_left", "firm_opens", "firm_open",
            "firm_clear_points", "firm_clear_assigned", "firm_clear_standing", "firm_clear_left", "firm_clear_opens",
            "firm_marks", "firm_entries", "firm_notices", "firm_noted", "firm_repairs", "firm_filled",
        ),
        (Purpose.RATE,),
    ),
    Row(
        "respond", "contest", "month", "district", contest,
        "firms that are told of a penalty appeal, the wronged more often",
        ("firm_open", "firm_won", "firm_answers"),
        (Purpose.CONTEST,),
    ),
    Row(
        "treat", "serve", "month", "district", serve,
        "tenders, loans and licences of firms are granted or refused by standing",
        ("firm_marks", "firm_outcomes"),
    ),
    Row(
        "measure", "count_firms", "month", "district", count_firms,
        "the month of firms is counted, and joined with the truth",
        ("firm_flows",),
    ),
    Row(
        "act", "owe", "month", "district", owe,
        "public bodies pay or leave bills unpaid, obey judgments or ignore them, and apply",
        (
            "body_owed", "body_stuck", "body_defied", "body_beyond", "body_bills", "body_acts", "body_steps",
            "body_applications", "body_filled",
        ),
        (Purpose.OWE,),
    ),
    Row(
        "act", "target", "month", "district", target,
        "what was reported is held against what was asked, and the next month is pressed for what lacks",
        ("body_reports", "body_extra", "body_forge", "body_acts", "body_steps"),
    ),
    Row(
        "observe", "look", "month", "district", look,
        "auditors, groups and offices above look at public bodies; they record, miss and mistake",
        ("body_inspections", "body_records", "body_records_truth", "body_filled"),
        (Purpose.LOOK,),
    ),
    Row(
        "score", "grade", "month", "district", grade,
        "records move the year's scores of public bodies, or list them; once a year scores become grades",
        ("body_points", "body_assigned", "body_standing", "body_left", "body_marks", "body_entries", "body_filled"),
    ),
    Row(
        "treat", "answer", "month", "district", answer,
        "promotions, grants and projects of public bodies are granted or refused by standing",
        ("body_marks", "body_outcomes"),
    ),
    Row(
        "measure", "count_bodies", "month", "district", count_bodies,
        "the month of public bodies is counted, and joined with the truth",
        ("body_flows",),
    ),
    Row(
        "respond", "wait", "month", "district", wait,
        "firms wait for what public bodies leave unpaid",
        ("firm_waits",),
    ),
    Row(
        "score", "reckon", "month", "district", reckon,
        "scores are made anew from what is counted and registered; insurance years are closed",
        ("raw", "standing", "counters", "overrides", "entries", "stood", "filled"),
    ),
    Row(
        "score", "bind", "month", "district", bind,
        "firms that stand low enough bind their representatives, or no longer",
        ("firm_bound", "firm_bindings", "firm_filled"),
        (Purpose.FIRM,),
    ),
    Row(
        "score", "hold", "month", "district", hold,
        "representatives are held down under lists of people, or no longer",
        ("standing", "overrides", "marks", "stood", "entries", "filled"),
    ),
    Row(
        "act", "succeed", "month", "district", succeed,
        "heads of public bodies whose term is over give way to other public servants",
        ("body_head",),
        (Purpose.BODY,),
    ),
    Row(
        "score", "bind_heads", "month", "district", bind_heads,
        "public bodies that stand low enough bind the officials at their head, or no longer",
        ("body_bound", "body_held", "body_bindings", "body_filled"),
    ),
    Row(
        "score", "hold_heads", "month", "district", hold_heads,
        "officials are held down under lists of people, or no longer",
        ("standing", "overrides", "marks", "stood", "entries", "filled"),
    ),
    Row(
        "measure", "file", "month", "district", file,
        "what was reckoned, and who was bound, is added to the panel's ledger",
        ("panel_ledger", "filled"),
    ),
    Row(
        "treat", "publish", "month", "district", publish,
        "standing is shown on billboards and in apps, by ringtone and loudspeaker",
        ("marks", "shown"),
    ),
    Row(
        "respond", "hear", "month", "district", hear,
        "people see and hear who is shamed and praised; some shun whom they knew",
        ("belief", "trust", "ties", "tally_audience", "tally_ties_lost"),
        (Purpose.HEAR,),
    ),
    Row(
        "exchange", "send", "month", "sends", send,
        "neighbourhoods take stock; stories of penalties and the talk of schemes leave the district",
        ("peers_factor", "done_here", "filled"),
    ),
    Row(
        "exchange", "exchange", "month", "society", exchange,
        "stories go to far acquaintances, in sorted order; who knows of a scheme, and how peers stand, is added up",
        (),
    ),
    Row(
        "exchange", "receive", "month", "receives", receive,
        "stories, the talk of schemes, and how all peers stand arrive",
        ("belief", "news", "place_of_merit"),
        (Purpose.EXCHANGE,),
    ),
    Row(
        "respond", "live", "month", "district", live,
        "income, hardship, trust, opinion and motive move; publicity and news are noticed",
        ("belief", "income", "hardship", "trust", "opinion", "motive", "aware", "month_words", "month_shown"),
        (Purpose.LIVE,),
    ),
    Row(
        "score", "rank", "month", "district", rank,
        "people get their places among all peers, by merit",
        ("raw", "standing", "overrides", "entries", "stood", "filled"),
    ),
    Row(
        "measure", "file_ranks", "month", "district", file,
        "new ranks are added to the panel's ledger",
        ("panel_ledger", "filled"),
    ),
    Row(
        "measure", "snapshot", "month", "district", snapshot,
        "people and their standing are counted by group",
        ("moment_people", "moment_score", "moment_marks", "moment_grades"),
    ),
    Row(
        "measure", "visit", "month", "district", visit,
        "the panel's state and standing are written down",
        ("panel_states",),
    ),
    Row(
        "measure", "census", "month", "district", census,
        "firms are counted as they stand",
        ("firm_moment",),
    ),
    Row(
        "measure", "census_bodies", "month", "district", census_bodies,
        "public bodies are counted as they stand",
        ("body_moment",),
    ),
)  # fmt: skip
"""The rows, in the order in which they turn."""


def check(plan: Sequence[Row]) -> None:
    """Check that every column a row receives or writes is declared, with the row among its writers.

    Raises
    ------
    ValueError
        Naming the row and the column.
    """
    for row in plan:
        for name in (*row.needs, *row.writes):
            if name not in COLUMNS:
                raise ValueError(f"plan row {row.name}: no column is called {name}")
        for name in row.writes:
            if row.name not in COLUMNS[name].writers:
                raise ValueError(
                    f"plan row {row.name} writes {name}, whose declared writers are {COLUMNS[name].writers}"
                )
