"""What rulebooks say of courts, each in its place: the engine equals the oracle, and both refuse what contradicts."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction

import pytest
from tests import oracle, two_provinces
from tests.oracle.court import COULD_NOT, ENFORCED, JUDGED, WOULD_NOT
from tests.oracle.files import PRACTICE
from tests.oracle.tables import TRUE, UNABLE
from tests.test_oracle import PACKAGE, STRONG, assert_equal

from scorepolis.core.errors import InputError
from scorepolis.engine.world import World
from scorepolis.rulebooks import load as load_rulebook

SOCIETY, START = "two", date(2019, 11, 20)
# Courts are quick and busy, and a good part of those before them cannot pay.
BUSY = STRONG | {
    "behaviours.late_utility_bill.rate.male": 3.5,
    "behaviours.late_utility_bill.rate.female": 3.5,
    "sensors.court.delay.shortest": 0,
    "sensors.court.delay.longest": 9,
    "coefficients.life.poverty_line": 15000,
    "coefficients.courts.suit_shortest": 7,
    "coefficients.courts.suit_longest": 30,
    "coefficients.courts.mismatch": 0.05,
    "coefficients.courts.evasion": 0.95,
    "coefficients.courts.applies": 1,
    "coefficients.courts.deadline": 4,
    "coefficients.courts.grace": 14,
    "coefficients.courts.review": 20,
}
OWN = {"grace": Fraction(14), "mistaken_able": Fraction("0.1"), "mistaken_unable": Fraction("0.15")}
# By the lake two books say the same of grace, and each one thing besides; outside the highland nobody in Tibet does.
SAID = {
    "quick": ({"grace": 6, "mistaken_unable": 0.9}, ["qinghai"]),
    "quick too": ({"grace": 6.0, "mistaken_able": 0.8}, ["lakeside"]),
    "patient": ({"grace": 25, "mistaken_able": 0.95}, ["highland"]),
    "silent": ({}, None),
}


def quantities(numbers):
    listed = [
        f"  {name}: {{value: {value}, unit: as there, status: assumed, range: [0, 99], reason: An example}}"
        for name, value in numbers.items()
    ]
    return "\n".join(["courts:", *listed, ""] if listed else [])


def write(folder, said):
    """The list of 2017 under other names, saying something of courts; returns the files."""
    text = (PACKAGE / "rulebooks" / "library" / "defaulter-list-2017.yaml").read_text(encoding="utf-8")
    paths = []
    for name, (numbers, _) in said.items():
        slug = name.replace(" ", "-")
        named = text.replace("name: defaulter-list-2017", f"name: {slug}", 1)
        paths.append(folder / f"{slug}.yaml")
        paths[-1].write_text(
            named.replace("\ninstruments:", f"\n{quantities(numbers)}instruments:", 1), encoding="utf-8"
        )
    return paths


class Two:
    """A society of two provinces under books of which each is in force somewhere, and the worlds of it."""

    def __init__(self, folder, said, people=1800, overrides=BUSY):
        self.folder, self.overrides, self.people = two_provinces.write(folder), overrides, people
        self.paths, self.where = write(folder, said), [where for _, where in said.values()]

    def oracle(self):
        return oracle.World(self.folder, self.paths, SOCIETY, self.people, 21, START, self.overrides, self.where)

    def engine(self):
        known = two_provinces.load(self.folder, self.overrides)
        books = [load_rulebook(path, known) for path in self.paths]
        return World(
            known, books, society=SOCIETY, where=self.where, people=self.people, seed=21, start=START, threads=2
        )


def test_engine_equals_oracle_where_books_say_different_things_of_courts(tmp_path):
    two = Two(tmp_path, SAID)
    twin, decided = two.oracle(), Counter()
    on_day_0 = Counter(item.what for items in twin.diary.days.values() for item in items)
    decide = twin.court.decide

    def noted(day, case, person):
        decided[tuple(person.region.courts[name] for name in PRACTICE), case.kind] += 1
        decide(day, case, person)

    twin.court.decide = noted
    twin.run(60)
    places = {practice for practice, _ in decided}
    own = tuple(OWN.values())
    assert places == {
        own,
        (6, own[1], Fraction("0.9")),
        (6, Fraction("0.8"), Fraction("0.9")),
        (25, Fraction("0.95"), own[2]),
    }
    assert min(decided[practice, kind] for practice in places for kind in (TRUE, UNABLE)) > 2, decided
    assert on_day_0
    for name in (JUDGED, COULD_NOT, WOULD_NOT, ENFORCED):
        assert sum(month.courts[name] for month in twin.months) > 50
    world = two.engine()
    world.run(60)
    assert_equal(world, twin)


@pytest.mark.parametrize(
    ("name", "one", "other", "where"), [("grace", 8, 9, None), ("mistaken_unable", 0, 1, ["shore"])]
)
def test_books_that_contradict_each_other_in_one_place_are_refused_by_both(tmp_path, name, one, other, where):
    two = Two(tmp_path, {"one": ({name: one}, ["lakeside"]), "other": ({name: other}, where)})
    with pytest.raises(ValueError, match=name):
        two.oracle()
    with pytest.raises(InputError, match=name):
        two.engine()


def test_books_that_contradict_each_other_in_places_apart_are_not(tmp_path):
    two = Two(tmp_path, {"one": ({"grace": 7}, ["lakeside"]), "other": ({"grace": 9}, ["highland"])})
    twin, world = two.oracle(), two.engine()
    assert {person.region.courts["grace"] for person in twin.society.people} == {7, 9, OWN["grace"]}
    twin.run(3)
    world.run(3)
    assert_equal(world, twin)
