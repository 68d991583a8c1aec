"""Orders and settlements that are broken, each in its place: the engine equals the oracle."""

from __future__ import annotations

from collections import Counter

from tests.oracle import court
from tests.oracle.agenda import RECORD
from tests.oracle.court import BROKE_ORDER, BROKE_SETTLEMENT, SETTLED, under_order
from tests.oracle.tables import OUT_OF_PROPORTION, TRUE, UNABLE
from tests.test_oracle import assert_equal
from tests.test_oracle_practice import BUSY, Two

# Reviews are many, and so is what happens between them; most of it comes to light, and half the unable seem able.
BROKEN = BUSY | {
    "coefficients.courts.review": 7,
    "coefficients.courts.breaks_order": 0.4,
    "coefficients.courts.settles": 0.3,
    "coefficients.courts.mistaken_able": 0.5,
    "sensors.court.sees.breaking_spending_order": 0.9,
    "sensors.court.sees.breaking_settlement": 0.9,
}
# The same list twice: an order in one place, none in the other.
PLACES = {"orderly": ({}, ["qinghai"]), "silent": ({}, ["tibet"])}


def ordered(folder):
    two = Two(folder, PLACES, overrides=BROKEN)
    path = two.paths[0]
    path.write_text(
        path.read_text("utf-8").replace("\n    rules:", "\n    spending_order: true\n    rules:", 1), "utf-8"
    )
    return two


def test_engine_equals_oracle_where_orders_and_settlements_are_broken(tmp_path, monkeypatch):
    two = ordered(tmp_path)
    twin = two.oracle()
    under = Counter()

    def noted(person):
        answer = under_order(person)
        under[tuple(person.region.numbers), answer] += 1
        return answer

    monkeypatch.setattr(court, "under_order", noted)
    twin.run(60)
    for name in (SETTLED, BROKE_ORDER, BROKE_SETTLEMENT):
        assert sum(month.courts[name] for month in twin.months) > 30
    assert set(under) == {((0,), True), ((0,), False), ((1,), False)}
    rules = {rule.id: n for n, rule in enumerate(two.engine().rulebooks[0].instruments[0].rules)}
    entered = Counter((line[4], line[12]) for line in twin.ledger if line[2] == RECORD)
    # Two years on a list are far beyond the harm of a flight.
    found = (("J5", OUT_OF_PROPORTION), ("J6", TRUE), ("J6", UNABLE))
    assert min(entered[rules[rule], kind] for rule, kind in found) > 0
    world = two.engine()
    world.run(60)
    assert_equal(world, twin)
