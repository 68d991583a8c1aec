"""Comparators keep their information to themselves: what others record changes no bit of theirs."""

from __future__ import annotations

import numpy as np
import pytest

from scorepolis import parameters, rulebooks
from scorepolis.core.buffers import AGENDA, RECORD
from scorepolis.engine.world import World

COMPARATORS = (
    *("watchlist", "us-bureau", "bonus-malus-fr", "bank-internal", "health-insurance", "platform-rating"),
    *("ad-audience", "tenant-screening", "welfare-risk"),
)
# Everything is done and seen often, so that little time shows much.
OFTEN = (
    *("late_utility_bill", "late_loan_payment", "card_default", "unpaid_booking", "shared_bike_misuse", "violence"),
    *("giving_blood", "buying_necessities", "joining_protest", "drink_driving"),
)
PLAIN = parameters.load()
PARAMETERS = parameters.load(
    {
        f"behaviours.{name}.rate.{sex}": min(1, getattr(PLAIN.behaviours[name].rate, sex).range[1])
        for name in OFTEN
        for sex in ("male", "female")
    }
    | {"sensors.traffic_police.sees.traffic_offence": 0.2, "sensors.platform.sees.unpaid_booking": 1}
    | {"sensors.public_office.sees.joining_protest": 1, "sensors.tip_off.sees.violence": 0.5}
)
SENSORS = tuple(PARAMETERS.sensors)
THEIRS = ("raw", "standing", "counters", "overrides", "marks")


class Losing(World):
    """A world in which the records of some sensors are lost on their way to what scores."""

    one_by_one = True

    lost: frozenset[int] = frozenset()
    gone = 0

    def _turn(self, row, columns):
        if row.name == "score":
            count = int(columns["filled"][AGENDA])
            keys, truths = columns["agenda_key"][:count], columns["agenda_truth"][:count]
            what, sensor = (keys >> np.uint64(44)) & np.uint64(15), keys & np.uint64(255)
            kept = (what != RECORD) | ~np.isin(sensor, sorted(self.lost))
            left = int(kept.sum())
            keys[:left], truths[:left] = keys[kept], truths[kept]
            columns["filled"][AGENDA] = left
            self.gone += count - left
        super()._turn(row, columns)


def lived(book, lost=()):
    world = Losing(PARAMETERS, [book], society="village", people=1200, seed=11)
    world.lost = frozenset(map(SENSORS.index, lost))
    world.run(61)
    return world


def theirs(world):
    return [columns[name].copy() for columns in world.districts for name in THEIRS]


def same(one, other):
    return all(map(np.array_equal, theirs(one), theirs(other)))


@pytest.mark.parametrize("name", COMPARATORS)
def test_what_others_record_changes_no_bit_of_theirs(name):
    book = rulebooks.load(name, PARAMETERS)
    (instrument,) = book.instruments
    own = set(instrument.reach)
    as_it_is = lived(book)
    without_others = lived(book, set(SENSORS) - own)
    assert without_others.gone > 100
    assert same(as_it_is, without_others)
    without_own = lived(book, own)
    assert without_own.gone > 0
    assert not same(as_it_is, without_own)


@pytest.mark.parametrize("name", COMPARATORS)
def test_they_neither_feed_nor_are_fed(name):
    assert not any(i.fed_by for i in rulebooks.load(name, PARAMETERS).instruments)
    for other in rulebooks.names():
        for instrument in rulebooks.load(other, PARAMETERS).instruments:
            assert all(feed.rulebook != name for feed in instrument.fed_by)


def test_no_comparator_hears_everybody():
    reach = {name: set(rulebooks.load(name, PARAMETERS).instruments[0].reach) for name in COMPARATORS}
    assert max(len(sensors) for sensors in reach.values()) <= 4
    assert reach["bank-internal"] == {"bank"}
    assert reach["bonus-malus-fr"] == {"traffic_police"}
    assert reach["platform-rating"] == reach["ad-audience"] == {"platform"}
