"""Firms: who they are, that nothing but a binding touches people, that no cut shows, and what moves what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase
from functools import cache
from inspect import signature

import numpy as np
import pytest
from tests import results

from scorepolis import parameters, rulebooks
from scorepolis.core.provenance import Quantities
from scorepolis.day.rest import pack
from scorepolis.engine.world import World
from scorepolis.firms.inspect import inspect
from scorepolis.firms.rate import rate
from scorepolis.measures.context import Context
from scorepolis.measures.counts import Counts
from scorepolis.parameters import quantities
from scorepolis.plausibility.firms import SOFT, graded
from scorepolis.plausibility.worlds import Lived
from scorepolis.report.rulebooks.replay import report
from scorepolis.runs.firms import firms as table_of
from scorepolis.society.flags import PARTY, PUBLIC_SERVANT, WORKING
from scorepolis.society.ties import CLIQUE, workplaces
from scorepolis.validation import inspection

RATED = ("corporate-tax", "corporate-customs", "corporate-environment", "corporate-comprehensive")
COURTS = ("corporate-court-2020", "spending-restriction-2020")
START = date(2019, 3, 1)
PEOPLE, DAYS = 4000, 92
# Much is done, seen and rated, so that little is enough to look at.
BUSY = {
    "firms.numbers.enterprises": 100,
    "firms.behaviours.ignoring_judgment.rate": 0.08,
    "firms.behaviours.false_invoices.rate": 0.12,
    "firms.behaviours.pollution.rate": 0.5,
    "firms.sensors.tax_audit.inspects.rate": 0.2,
    "firms.sensors.environment_office.inspects.rate": 2,
    "firms.sensors.market_office.inspects.rate": 0.25,
    "firms.life.past_months": 6,
}


def loaded(overrides=None):
    return parameters.load(BUSY | (overrides or {}))


def build(books, overrides=None, **how):
    known = loaded(overrides)
    read = [rulebooks.load(book, known) if isinstance(book, str) else book for book in books]
    return World(known, read, society="village", seed=5, start=START, **{"people": PEOPLE} | how)


def lived(books, overrides=None, days=DAYS, **how):
    world = build(books, overrides, **how)
    world.run(days)
    return world


@cache
def usual():
    return lived((*RATED, *COURTS))


def table(world):
    context = Context.of(
        parameters=world.parameters, rulebooks=world.rulebooks, start=START, months=[START, START], firms=world.firms
    )
    return table_of(world.tally.counts(), context)


def number(world, count, of=None, how=None, **group):
    rows = table(world)
    for name, value in {"count": count, "of": of, "how": how, **group}.items():
        if value is not None:
            rows = rows[rows[name] == value]
    return int(rows["number"].sum())


# --------------------------------------------------------------------------------------------------------- who they are


def test_firms_are_as_many_as_their_people_ask_for_and_led_by_those_who_work():
    for d in usual().districts:
        living = int(d["first_rank"][-1])
        enterprises, alone = (int(living * per / 1000 + 0.5) for per in (100, 88.5))
        assert d["firm_size"].size == enterprises + alone
        assert (d["firm_size"][:enterprises] > 0).all()
        assert not d["firm_size"][enterprises:].any()
        heads = d["firm_representative"]
        assert (d["age"][heads] >= 18).all()
        assert (d["flags"][heads] & WORKING).all()
        assert np.array_equal(d["firm_connected"], (d["flags"][heads] & (PARTY | PUBLIC_SERVANT)) != 0)


def test_everybody_who_works_is_employed_and_workplaces_are_not_divided():
    d = usual().districts[0]
    places = workplaces(d["flags"], d["sizes"], d["first_rank"], d["district_keys"], WORKING)
    assert d["firm_employees"].sum() == places.size == np.count_nonzero(d["flags"][d["occupied"] > 0] & WORKING)
    assert np.unique(places).size == places.size
    assert d["firm_employees"].max() > 4 * CLIQUE  # a few are large


def test_nobody_has_firms_unless_somebody_rates_them():
    assert not build(["spending-restriction-2020"]).districts[0]["firm_size"].size
    assert (
        not build(RATED, {"firms.numbers.enterprises": 0, "firms.numbers.self_employed": 0})
        .districts[0]["firm_size"]
        .size
    )


# ------------------------------------------------------------------------------------------------------ cuts and people


def test_threads_and_tiles_do_not_show():
    again = lived((*RATED, *COURTS), threads=2, tile=7)
    for one, other in ((usual(), again),):
        for (name, array), (_, same) in zip(one.tally.counts().items(), other.tally.counts().items(), strict=True):
            assert np.array_equal(array, same), name


def test_ratings_touch_no_person():
    without, rated = (lived(books) for books in (COURTS[1:], (*RATED, *COURTS[1:])))
    assert without.firms is False
    assert rated.firms is True
    for (name, array), (_, same) in zip(without.tally.counts().hashed(), rated.tally.counts().hashed(), strict=False):
        assert np.array_equal(array, same), name


def test_a_bound_representative_is_listed_and_nobody_else():
    free, bound = lived((*RATED, *COURTS), {"firms.life.binding": 0}), usual()
    held = sum(int(d["firm_bound"].sum()) for d in bound.districts)
    assert held > 3
    assert sum(int(d["firm_bound"].sum()) for d in free.districts) == 0
    listed = [w.tally.counts().grades[-1].sum(axis=0)[0, 0] for w in (free, bound)]
    assert 0 < listed[1] - listed[0] <= held
    for d in bound.districts:
        heads = d["firm_representative"][d["firm_bound"][0] > 0]
        assert (d["standing"][0][heads] == 0).all()
        assert (d["overrides"][0][heads] >> 4 > 0).all()
    assert 13 in bound.tally.ledger()["what"]


def test_the_law_of_the_date_says_what_binds():
    books = {year: rulebooks.load(f"corporate-court-{year}", parameters.load()) for year in (2017, 2020)}
    bound = {year: {b.rulebook for one in book.firms for b in one.binds} for year, book in books.items()}
    assert bound[2017] == {"spending-restriction-2017", "defaulter-list-2017"}
    assert bound[2020] == {"spending-restriction-2020", "spending-restriction-2024"}


def test_the_state_of_firms_is_packed():
    world = usual()
    for n, d in enumerate(world.districts):
        packed = pack(d, world.settled[n], world.tables_of(n))
        for name in ("firm_points", "firm_assigned", "firm_standing", "firm_left", "firm_marks", "firm_bound"):
            assert np.array_equal(packed[name], d[name])


# -------------------------------------------------------------------------------------------------------- the mechanism


def test_counts_add_up():
    world = usual()
    assert number(world, "firms") == sum(d["firm_size"].size for d in world.districts)
    for book in world.rulebooks:
        for one in book.firms:
            name = f"{book.name}.{one.id}"
            assert number(world, "grade", of=name) == number(world, "in_scope", of=name) > 0
    for behaviour in loaded().firms.done:
        assert number(world, "acts", of=behaviour) >= number(world, "could_not", of=behaviour)
    for sensor in loaded().firms.inspecting:
        assert number(world, "inspections", of=sensor) >= number(world, "clean", of=sensor)


def test_newcomers_get_their_own_grade_in_place_of_a_better_one():
    world = usual()
    grades = world.rulebooks[0].firms[0].grade_names
    for d in world.districts:
        new = (d["firm_newcomer"] > 0) & (d["firm_marks"][0] > 0)
        assert new.any()
        assert (d["firm_standing"][0][new] <= grades.index("M")).all()
        assert (d["firm_standing"][0][~new & (d["firm_marks"][0] > 0)] != grades.index("M")).all()


def test_an_assigned_grade_is_not_outdone_by_the_score():
    held = [
        (d["firm_standing"][k], d["firm_assigned"][k], d["firm_assigned"][k] < 255)
        for d in usual().districts
        for k in (0, 2, 3)  # customs lifts besides
    ]
    assert all((standing[here] <= assigned[here]).all() for standing, assigned, here in held)
    assert any(here.any() for _, _, here in held)


def test_what_a_secret_rating_costs_holds_nobody_back():
    known = loaded()
    book = rulebooks.load("corporate-tax", known)
    secret = book.with_(firms=[one.with_(transparency="secret") for one in book.firms])
    told, untold = lived([book]), lived([secret])
    assert number(told, "deterred") > 0
    assert number(untold, "deterred") == number(untold, "let_off") == 0


@pytest.mark.parametrize(("share", "least", "most"), [(None, 0.1, 0.5), (0, -0.05, 0.05)])
def test_without_soft_merits_firms_with_connections_stand_no_higher(share, least, most):
    known = parameters.load({} if share is None else {"firms.sensors.association.favours.share": share})
    book = rulebooks.load("corporate-comprehensive", known)
    rated = Lived(World(known, [book], society="town", people=40_000, seed=5, start=START))
    connected, others = (graded(rated, SOFT, "excellent", connections=(name,)) for name in ("connected", "unconnected"))
    assert least < connected - others < most


def test_firms_with_connections_score_higher_through_soft_merits_alone():
    favoured, plain = usual(), lived((*RATED, *COURTS), {"firms.sensors.association.favours.share": 0})
    name = "corporate-comprehensive.rating"
    assert number(favoured, "records", of="association", how="not_done", connected=False) == 0
    assert number(plain, "records", of="association", how="not_done") == 0
    assert number(favoured, "positive", of=name, connected=True) > number(plain, "positive", of=name, connected=True)


def test_firms_are_counted_by_size_and_sector():
    world, known = usual(), loaded().firms
    for x, size in enumerate(known.sizes):
        for y, sector in enumerate(known.sectors):
            here = sum(((d["firm_size"] == x) & (d["firm_sector"] == y)).sum() for d in world.districts)
            assert number(world, "firms", size=size, sector=sector) == here
    rows = table(world)
    done = rows[(rows["count"] == "acts") & (rows["number"] > 0)]
    for name, behaviour in known.behaviours.items():
        found = set(done.loc[done["of"] == name, "sector"])
        assert found <= set(behaviour.sectors or known.sectors), name
    assert set(done["sector"]) == set(known.sectors)
    harm = rows[rows["count"] == "harm"].groupby("sector")["number"].sum()
    assert (harm > 0).all()


def test_counts_that_do_not_tell_sectors_apart_can_still_be_read():
    context = Context.of(parameters=loaded(), rulebooks=[], start=START, months=[START], firms=True)
    groups = (("micro", "unconnected"), ("micro", "connected"))
    layout = replace(context.firms, groups=groups)
    flows, moments = (np.zeros((2, 2, len(columns)), np.int64) for columns in (layout.flows, layout.moments))
    moments[-1, 1, layout.moments.index(("firms", "", ""))] = 7
    counts = Counts.of(results.zeros(context) | {"firm_flows": flows[:1], "firm_moments": moments})
    rows = table_of(counts, replace(context, firms=layout))
    (row,) = rows[rows["number"] > 0].to_dict("records")
    assert (row["count"], row["size"], row["sector"], row["connected"], row["number"]) == (
        "firms",
        "micro",
        "",
        True,
        7,
    )


@pytest.mark.parametrize(("good", "listed", "forgiven"), [(0.1, 0.5, 0.5), (0.02, 0.9, 0.1)])
def test_the_share_of_the_listed_follows_from_inspections(good, listed, forgiven):
    groups = inspection.run(good=good, listed=listed, forgiven=forgiven, firms=8000, months=300)
    assert groups.compliance == pytest.approx(good / (good + listed * forgiven), abs=0.01)


def forgiving(*arguments):
    """Rate, and forgive every listed firm at the month's end."""
    rate(*arguments)
    arguments[list(signature(rate.py_func).parameters).index("firm_standing")][:] = inspection.GOOD


def blind(*arguments):
    """Inspect, and let everything that was written go."""
    inspect(*arguments)
    arguments[list(signature(inspect.py_func).parameters).index("firm_filled")][:] = 0


@pytest.mark.parametrize(("row", "wrong", "right"), [("rate", forgiving, rate), ("inspect", blind, inspect)])
def test_another_way_to_inspect_or_to_rate_fails_the_checks(monkeypatch, row, wrong, right):
    wrong.__signature__ = signature(right.py_func)
    asked = inspection.run.__kwdefaults__
    monkeypatch.setattr(inspection.run, "__kwdefaults__", asked | {"firms": 4000, "months": 60})
    for row_of_month, compliant in ((right, True), (wrong, False)):
        monkeypatch.setattr(inspection, row, row_of_month)
        off = {check.call: abs(check.ours - check.published) for check in inspection.checks()}
        assert off["inspection.run().threshold"] < 1e-6
        assert (max(off.values()) < 0.02) is compliant  # so few live for so short a time that chance is larger


@pytest.mark.parametrize("name", [name for name in rulebooks.names() if name.startswith("corporate-")])
def test_cases(name):
    found = report(name)
    assert found.good
    assert found.unreached == ()
    assert len(found.outcomes) > 1


# ------------------------------------------------------------------------------------------------------------- ablation

FIRMS = {path: quantity for path, quantity in quantities(parameters.load()) if path.startswith("firms.")}

# Pattern of a parameter, and what it moves: a count, of what, and how; {1} and the like are parts of its path.
MOVES = (
    ("firms.numbers.*", "firms", None, None),
    ("firms.life.full_age", "firms", None, None),  # others represent them, and more or fewer are connected
    ("firms.life.concentration", "firms", None, None),
    ("firms.life.horizon", "deterred", None, None),
    ("firms.life.newcomers", "grade", "corporate-tax.rating", "M"),
    ("firms.life.past_months", "grade", "corporate-tax.rating", None),
    ("firms.life.performs", "grade", "corporate-court-2020.list", "listed"),
    ("firms.life.binding", "bound", None, None),
    ("firms.life.told", "told", None, None),
    ("firms.life.appeals_*", "appealed", None, None),
    ("firms.life.earnings", "custom", "corporate-court-2020.list", None),
    ("firms.sizes.*.scale", "harm", None, None),
    ("firms.sizes.*.least", "firms", None, None),
    ("firms.sectors.*.share", "in_scope", "corporate-environment.colour", None),
    ("firms.behaviours.*.unable", "could_not", "{2}", None),
    ("firms.behaviours.*.harm", "harm", "{2}", None),
    ("firms.behaviours.*.benefit", "benefit", "{2}", None),
    ("firms.behaviours.ignoring_judgment.fine", "deterred", "{2}", None),  # the lists hold all back who would without
    ("firms.behaviours.*", "acts", "{2}", None),
    ("firms.services.*.worth", "deterred", None, None),
    ("firms.services.*.price", "deterred", None, None),
    ("firms.services.*", "acts", "{2}", None),
    ("firms.sensors.*.inspects.burden", "deterred", None, None),
    ("firms.sensors.*.inspects.*", "inspections", "{2}", None),
    ("firms.sensors.tax_audit.sees.false_invoices", "deterred", "{4}", None),
    ("firms.sensors.*.sees.*", "records", "{2}", None),
    ("firms.sensors.*.false_finding", "records", "{2}", "not_done"),
    ("firms.sensors.*.wrong_firm", "records", "{2}", "wrong_firm"),
    ("firms.sensors.*.favours.share", "records", "{2}", "not_done"),
)


def row_of(path):
    return next(row for row in MOVES if fnmatchcase(path, row[0]))


def other(path):
    """Values at the end of the range that is farther away."""
    quantity = FIRMS[path]
    low, high = quantity.range
    if isinstance(quantity, Quantities):
        return {f"{path}.{at}": low if value > low else high for at, value in enumerate(quantity.values)}
    now = (BUSY | RARE).get(path, quantity.value)
    return {path: high if high - now > now - low else low}


# Of what is rare in other worlds there is enough here.
RARE = {
    "firms.behaviours.labour_violation.rate": 0.4,
    "firms.behaviours.late_filing.gain": 2000,  # of the order of what a grade is worth
    "firms.behaviours.unsafe_product.rate": 0.2,
    "firms.behaviours.counterfeits.rate": 0.16,
    "firms.behaviours.customs_error.rate": 0.3,
    "firms.behaviours.tax_arrears.rate": 0.25,
    "firms.sensors.tax_desk.sees.tax_arrears": 0,  # what it misses is left to audits
    "firms.sensors.customs.inspects.rate": 3,
    "firms.sensors.customs.sees.customs_error": 1,
    "firms.sensors.customs.sees.counterfeits": 1,
    "firms.life.past_months": 24,
}
ASSUMED = {"status": "assumed", "reason": "Made up to be seen"}


def dear(book):
    """Let every service be dearer and later for taxpayers at C, near which all of them begin."""
    near = {"value": 71, "unit": "points", "range": (0, 100), **ASSUMED}
    dearer = {"value": 50, "unit": "percent", "range": (0, 100), **ASSUMED}
    late = {"value": 10, "unit": "days", "range": (0, 100), **ASSUMED}
    at_c = [{"service": name, "grades": ("C",)} for name in loaded().firms.services]
    doors = [door | {"effect": "surcharge", "percent": dearer} for door in at_c]
    doors += [door | {"effect": "delay", "days": late} for door in at_c]
    return book.with_(firms=[one.with_(consequences=doors, start=near) for one in book.firms])


@cache
def moving(overrides=()):
    """Counts of firms, of a world that lives a year after two years."""
    books = [rulebooks.load(name, loaded()) for name in (*RATED, *COURTS)]
    return table(lived([dear(books[0]), *books[1:]], RARE | dict(overrides), days=365, people=3 * PEOPLE))


def moved(rows, count, of, how):
    for name, value in {"count": count, "of": of, "how": how}.items():
        if value is not None:
            rows = rows[rows[name] == value]
    return rows["number"].to_numpy()


@pytest.mark.slow
@pytest.mark.parametrize("path", FIRMS)
def test_every_number_of_firms_moves_its_count(path):
    now = other(path)
    _, count, of, how = row_of(path)
    where = count, of and of.format(*path.split(".")), how
    was, then = moved(moving(), *where), moved(moving(tuple(now.items())), *where)
    assert was.any() or then.any(), f"{where}: the world is too thin"
    assert not np.array_equal(was, then), f"{path} does not move {where}"


def test_every_row_of_what_moves_is_needed():
    used = [row_of(path) for path in FIRMS]
    assert [row for row in MOVES if row not in used] == []
