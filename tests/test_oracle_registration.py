"""Who is registered as what, and whom a scope covers: the engine equals the oracle."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from tests import oracle
from tests.oracle.draws import ATTRIBUTE, q
from tests.oracle.files import BIT, FOREIGNER, MIGRANT, PERMIT_HOLDER, REGISTRATIONS, RESIDENT, covers, settle
from tests.test_oracle import PACKAGE, STRONG, assert_equal

from scorepolis.core.errors import InputError
from scorepolis.engine.world import World
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import load as load_rulebook

START = date(2019, 12, 10)
# Most have come from elsewhere, and many of these from abroad.
MIXED = STRONG | {
    "societies.village.district_neighbourhoods": 4,
    "societies.village.migrant_share": 0.7,
    "population.registration.foreign": 0.05,
    "population.registration.permit": 0.5,
}
SCOPES = {
    "migrants: false, foreigners: true": {RESIDENT, FOREIGNER},
    "migrants: true, residents: false": {PERMIT_HOLDER, MIGRANT, FOREIGNER},
    "migrants: false, permit_holders: true, residents: false": {PERMIT_HOLDER},
    "migrants: true, foreigners: false": {RESIDENT, PERMIT_HOLDER, MIGRANT},
}


def town(folder, name, words):
    """The teaching town under another name, with another scope."""
    text = (PACKAGE / "rulebooks" / "library" / "teaching-town.yaml").read_text(encoding="utf-8")
    text = text.replace("name: teaching-town", f"name: {name}", 1)
    path = folder / f"{name}.yaml"
    path.write_text(text.replace("migrants: true", words.replace(", ", "\n      "), 1), encoding="utf-8")
    return path


def compared(paths, days, seed, people=1200):
    """The oracle's world, after it has been compared with the engine's."""
    twin = oracle.World(PACKAGE / "parameters", paths, "village", people, seed, START, MIXED)
    twin.run(days)
    known = load_parameters(MIXED)
    books = [load_rulebook(path, known) for path in paths]
    world = World(known, books, society="village", people=people, seed=seed, start=START, threads=2)
    world.run(days)
    assert_equal(world, twin)
    return twin


def covered(twin, k):
    """How many of each are in the scope of instrument k."""
    return Counter(person.registration for person in twin.society.people if person.accounts[k].in_scope)


def test_engine_equals_oracle_whomever_scopes_name(tmp_path):
    twin = compared([town(tmp_path, f"town-{n}", words) for n, words in enumerate(SCOPES)], 40, 31)
    assert min(Counter(person.registration for person in twin.society.people)[name] for name in REGISTRATIONS) > 10
    points = [k for k, instrument in enumerate(twin.setting.instruments) if not instrument.is_list]
    for k, names in zip(points, SCOPES.values(), strict=True):
        found = covered(twin, k)
        assert found.keys() == names
        assert min(found.values()) > 5
        assert {entry.person.registration for entry in twin.entries if entry.number == k} == names


def test_engine_equals_oracle_where_permit_holders_are_asked_too():
    twin = compared([PACKAGE / "rulebooks" / "library" / "rongcheng-2021.yaml"], 40, 32)
    assert covered(twin, 0).keys() == {RESIDENT, PERMIT_HOLDER}
    assert {entry.person.registration for entry in twin.entries} == {RESIDENT, PERMIT_HOLDER}


@pytest.mark.parametrize(
    ("flags", "word", "permit", "name"),
    [
        ([], 0, 0, RESIDENT),
        (["party", "minority"], 0, 0, RESIDENT),
        (["migrant"], -1, 0, FOREIGNER),
        (["migrant", "female", "working"], -1, 0, FOREIGNER),
        (["migrant"], 0, -1, PERMIT_HOLDER),
        (["migrant"], 0, 0, MIGRANT),
        *((["migrant", name], -1, -1, PERMIT_HOLDER) for name in ("minority", "party", "public_servant")),
        *((["migrant", name], -1, 0, MIGRANT) for name in ("minority", "party", "public_servant")),
    ],
)
def test_what_somebody_is_registered_as(flags, word, permit, name):
    """The words are counted from the least that does not do."""
    twin = oracle.World(PACKAGE / "parameters", [], "village", 100, 1, START, MIXED)
    person, shares = twin.society.people[7], settle({"foreign": 0.05, "permit": 0.5})
    person.flags = sum(BIT[flag] for flag in flags)
    drawn = {(ATTRIBUTE, person.slot, 2, 0): (q(32, shares["foreign"]) + word, q(32, shares["permit"]) + permit, 0, 0)}
    twin.society.draw = lambda *where: drawn[where]
    assert twin.society._registration(shares, person) == name


def test_what_is_not_said_of_migrants_goes_by_migrants():
    assert covers({"migrants": True}) == set(REGISTRATIONS)
    assert covers({"migrants": False}) == {RESIDENT}
    assert covers({"migrants": False, "permit_holders": True}) == {RESIDENT, PERMIT_HOLDER}


@pytest.mark.parametrize("words", ["migrants: true, permit_holders: false", "migrants: false, residents: false"])
def test_a_scope_that_makes_no_sense_is_refused_by_both(tmp_path, words):
    path = town(tmp_path, "nonsense", words)
    with pytest.raises(ValueError, match="covers"):
        oracle.World(PACKAGE / "parameters", [path], "village", 100, 1, START)
    with pytest.raises(InputError):
        load_rulebook(path, load_parameters())
