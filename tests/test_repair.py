"""Repair on application: who may ask and does, what it ends, and that without it nothing is another."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from tests.ablation.worlds import Fixture

import scorepolis
from scorepolis.core.buffers import CORRECTION, EXPIRE, LET_OFF, RECORD, REPAIR, REPAIR_MONTH, SHARED
from scorepolis.core.diary import all_due
from scorepolis.core.items import key_behaviour, key_instrument, key_rule, key_sensor, key_what
from scorepolis.core.provenance import Quantity
from scorepolis.engine.world import World
from scorepolis.explain.life import life_of
from scorepolis.explain.moments import moments
from scorepolis.measures.counts import REPAIRS, WAYS
from scorepolis.parameters import load as load_parameters
from scorepolis.report.parts.wrongs import _repairs
from scorepolis.rulebooks import load
from scorepolis.rulebooks.schema import repaired_as
from scorepolis.runs.durations import spells

TOWN = Path(__file__).parent / "books" / "repair.yaml"

# Much is seen and many know of it; courts are quick, and good deeds are declared.
OFTEN = {
    "coefficients.awareness.awareness": 0.8,
    "coefficients.appeals.appeals_wronged": 0.5,
    "coefficients.appeals.appeals_other": 0.3,
    "coefficients.reward.reward_pull": 50,
    "sensors.*.coverage.*": "highest",
    "sensors.self_report.sees.*": "highest",
    "behaviours.late_utility_bill.rate.*": 3,
    "behaviours.jaywalking.rate.*": 150,
    "behaviours.traffic_offence.rate.*": 20,
    "behaviours.littering.rate.*": 60,
    "behaviours.helping_neighbour.rate.*": 40,
    "behaviours.donating.rate.*": 14,
    "services.*.wants": "lowest",
    "behaviours.*.suit": "highest",
    "coefficients.courts.suit_*": "lowest",
    "coefficients.courts.deadline": "lowest",
    "coefficients.courts.grace": "lowest",
    "societies.village.district_neighbourhoods": 4,
}
PEOPLE, DAYS, SEED = 4000, 75, 11
NUMBERS = {name: n for n, name in enumerate(REPAIRS)}
POINTS, LIST, FED, FEATURES = range(4)


@cache
def parameters():
    return load_parameters(Fixture(OFTEN).overrides)


@cache
def book():
    return load(TOWN, parameters())


def assumed(value, unit):
    return Quantity(value=value, unit=unit, status="assumed", reason="An example", range=(min(0, value), max(1, value)))


def changed(k, **fields):
    """The book with another repair of one instrument."""
    instruments = list(book().instruments)
    instruments[k] = instruments[k].with_(repair=instruments[k].repair.with_(**fields))
    return book().with_(instruments=tuple(instruments))


def without():
    """The book as it is without any repair."""

    def bare(instrument):
        if instrument.method == "weighted":
            (dimension,) = instrument.dimensions
            records = tuple(record.with_(severity=None) for record in dimension.records)
            return instrument.with_(repair=None, dimensions=(dimension.with_(records=records),))
        return instrument.with_(repair=None, rules=tuple(rule.with_(severity=None) for rule in instrument.rules))

    return book().with_(instruments=tuple(bare(instrument) for instrument in book().instruments))


class Lived:
    """A village after some weeks, how it began, and its ledger by rows."""

    def __init__(self, scheme, known=None, days=DAYS):
        self.world = World(known or parameters(), [scheme], society="village", people=PEOPLE, seed=SEED)
        self.began = self.column("raw")
        self.world.run(days)
        self.ledger = self.world.tally.ledger()
        fields = self.ledger
        self.rows = [
            dict(zip(fields, row, strict=True)) for row in zip(*map(np.ndarray.tolist, fields.values()), strict=True)
        ]
        self.counts = self.world.tally.counts()
        self.slots = np.concatenate([int(d["first_slot"]) + np.arange(d["age"].size) for d in self.world.districts])

    def column(self, name):
        return np.concatenate([d[name] for d in self.world.districts], axis=-1).astype(np.int64)

    def of(self, *whats):
        return [row for row in self.rows if row["what"] in whats]

    def counted(self, k, name):
        return int(self.counts.repairs[..., k, NUMBERS[name]].sum())

    def granted(self, k):
        return sum(self.counted(k, f"granted_by_{way}") for way in WAYS)


@cache
def lived_under(scheme=None):
    return Lived(scheme or book())


@pytest.fixture(scope="module")
def lived():
    return lived_under()


def test_every_way_is_gone_and_every_count_rises(lived):
    assert all(lived.counted(POINTS, name) for name in REPAIRS)
    assert {way for way in WAYS if lived.counted(LIST, f"granted_by_{way}")} == {"course", "pledge"}
    assert {way for way in WAYS if lived.counted(FED, f"granted_by_{way}")} == {"pledge"}
    assert {way for way in WAYS if lived.counted(FEATURES, f"granted_by_{way}")} == {"pledge", "good_deeds"}
    for k in range(4):
        assert lived.counted(k, "barred") > 0
        assert 0 < lived.granted(k) <= sum(lived.counted(k, f"asked_by_{way}") for way in WAYS)
    assert lived.granted(FED) == lived.counted(FED, "asked_by_pledge")  # where all are granted


def test_what_is_granted_stands_in_the_ledger_on_the_day_of_decision(lived):
    waiting = Counter()
    for district in lived.world.districts:
        _, keys, truths = all_due(district, DAYS - 1)
        for key, truth in zip(keys, truths, strict=True):
            if key_what(key) == REPAIR:
                assert truth == 0
                waiting[key_instrument(key)] += key_behaviour(key) == LET_OFF
    entered = Counter(row["instrument"] for row in lived.of(REPAIR))
    for k in range(4):
        assert entered[k] + waiting[k] == lived.granted(k)
    assert min(entered[k] for k in range(4)) > 2


def test_only_what_has_a_class_is_repaired_and_only_after_its_least_time(lived):
    penalties: dict[tuple, list] = {}
    for row in lived.of(RECORD):
        penalties.setdefault((row["slot"], row["instrument"], row["rule"]), []).append(row["day"])
    told = 0
    for row in lived.of(REPAIR):
        instrument = book().instruments[row["instrument"]]
        known = repaired_as(instrument, instrument.rules[row["rule"]])
        assert known is not None
        assert (row["behaviour"], row["sensor"], row["truth"], row["doer"]) == (0, 0, 0, 0)
        soonest = int(known.after.exact + instrument.repair.days.exact)
        ages = [row["day"] - day for day in penalties.get((row["slot"], row["instrument"], row["rule"]), ())]
        told += any(age >= soonest and (age - soonest) % REPAIR_MONTH == 0 for age in ages)
    assert told > 100
    rules = {(row["instrument"], row["rule"]) for row in lived.of(REPAIR)}
    assert (POINTS, 4) not in rules  # H5 is serious, which has no way back here
    assert (LIST, 2) not in rules  # nor has what is minor under the list
    assert rules >= {
        (POINTS, 0),
        (POINTS, 1),
        (POINTS, 2),
        (LIST, 0),
        (LIST, 1),
        (FED, 0),
        (FEATURES, 0),
        (FEATURES, 1),
    }


@pytest.mark.parametrize("k", [POINTS, FED])
def test_points_are_what_the_ledger_says_they_are(lived, k):
    """The points of an entry that was repaired come back once, and not again when it would have run out."""
    moved: Counter = Counter()
    for row in lived.of(RECORD, EXPIRE, CORRECTION, SHARED, REPAIR):
        if row["instrument"] == k:
            moved[row["slot"]] += row["points"]
    ends, began = lived.column("raw")[k], lived.began[k]
    for n, slot in enumerate(lived.slots.tolist()):
        assert ends[n] == began[n] + moved[slot]
    assert sum(row["points"] for row in lived.of(REPAIR) if row["instrument"] == k) > 5


def test_what_would_have_run_out_later_is_undone_on_that_day(lived):
    repaired = Counter(
        (row["slot"], row["points"]) for row in lived.of(REPAIR) if (row["instrument"], row["rule"]) == (POINTS, 0)
    )
    ends = Counter(
        (row["slot"], row["points"]) for row in lived.of(EXPIRE) if (row["instrument"], row["rule"]) == (0, 0)
    )
    both = [who for who in repaired if ends[who] and ends[who[0], -who[1]]]
    assert len(both) > 5


def test_a_list_and_a_grade_end_early(lived):
    for k, rule in ((LIST, 1), (POINTS, 2)):
        freed = [
            row
            for row in lived.of(REPAIR)
            if (row["instrument"], row["rule"]) == (k, rule) and row["standing_after"] > row["standing_before"]
        ]
        assert len(freed) > 2
        assert all(row["points"] == 0 for row in freed)  # a list has none, and those of H3 are over by then
    held = lived.column("overrides")
    assert held.min() >= 0
    assert int((held & 15).max()) < 15


def test_what_was_shared_is_given_back_to_the_household(lived):
    """Each entry of repair of a shared rule is followed by one for every other member, of the other sign."""
    back = [row for row in lived.of(SHARED) if row["points"] > 0 and row["instrument"] == POINTS]
    appealed = {(row["day"], row["rule"]) for row in lived.of(CORRECTION)}
    repaired = {(row["day"], row["rule"]) for row in lived.of(REPAIR) if row["instrument"] == POINTS and row["points"]}
    of_repair = [row for row in back if (row["day"], row["rule"]) in repaired - appealed]
    assert len(of_repair) > 10
    assert {row["rule"] for row in of_repair} <= {0, 1}


def test_durations_follow_repair(lived):
    ledger = {name: np.array(column) for name, column in lived.ledger.items()}
    found = spells(ledger, book().instruments, DAYS)
    mine = found["out"] == "repair"
    assert mine.sum() > 100
    for k, r, days in zip(found["instrument"][mine], found["rule"][mine], found["days"][mine], strict=True):
        instrument = book().instruments[k]
        known = repaired_as(instrument, instrument.rules[r])
        assert (days - known.after.exact - instrument.repair.days.exact) % REPAIR_MONTH == 0
    ended = {(k, r) for k, r in zip(found["instrument"][mine], found["rule"][mine], strict=True)}
    assert ended >= {(POINTS, 0), (POINTS, 2), (LIST, 1), (FED, 0), (FEATURES, 1)}


# -------------------------------------------------------------------------------------------- what it depends on


def bits(one):
    """All that was counted and entered, but for repair itself."""
    return {name: array for name, array in one.counts.items() if name != "repairs"} | dict(one.ledger)


def differing(one, other):
    mine, theirs = bits(one), bits(other)
    return {name for name in mine if not np.array_equal(mine[name], theirs[name])}


def test_where_nobody_asks_all_is_as_without_repair():
    silent = book()
    for k in range(4):
        instruments = list(silent.instruments)
        instruments[k] = instruments[k].with_(repair=instruments[k].repair.with_(asks=assumed(0, "share a month")))
        silent = silent.with_(instruments=tuple(instruments))
    asked, bare = Lived(silent), Lived(without())
    assert not asked.counts.repairs.any()
    assert not bare.counts.repairs.any()
    assert differing(asked, bare) == set()
    assert "repairs" not in dict(bare.counts.hashed())
    assert differing(bare, lived_under()) != set()


def test_who_does_not_know_of_the_scheme_does_not_ask():
    unknown = book().with_(instruments=tuple(i.with_(transparency="secret", notice=False) for i in book().instruments))
    assert not Lived(unknown).counts.repairs.any()


def test_the_poor_cannot_pay_for_a_course(lived):
    dear = Lived(changed(POINTS, course={"costs": assumed(900_000, "yuan")}))
    assert dear.counted(POINTS, "asked_by_course") == 0
    assert dear.counted(POINTS, "too_poor") > lived.counted(POINTS, "too_poor")
    cheap = Lived(changed(POINTS, course={"costs": assumed(1, "yuan")}))
    assert cheap.counted(POINTS, "asked_by_course") >= lived.counted(POINTS, "asked_by_course")
    assert cheap.counts.hardship[-1].sum() < lived.counts.hardship[-1].sum()


@pytest.mark.parametrize("k", range(4))
def test_a_clean_record_asks_more_than_none(k, lived):
    clean = bool(book().instruments[k].repair.clean)
    other = Lived(changed(k, clean=not clean))
    strict, lax = (lived, other) if clean else (other, lived)
    asked = [sum(one.counted(k, f"asked_by_{way}") for way in WAYS) for one in (strict, lax)]
    assert asked[0] < asked[1]


REPAIRED = {
    (k, *path): quantity
    for k, name in enumerate(("points", "list", "fed", "features"))
    for path, quantity in (
        (path, quantity)
        for field in ("asks", "granted", "days", "minor", "general", "serious", "course", "good_deeds")
        for part in [getattr(load(TOWN, load_parameters()).instruments[k].repair, field)]
        if part is not None
        for path, quantity in (
            [((field,), part)]
            if isinstance(part, Quantity)
            else [((field, inner), getattr(part, inner)) for inner in type(part).model_fields]
        )
        if isinstance(quantity, Quantity)
    )
}


@pytest.mark.parametrize("place", REPAIRED, ids=lambda place: ".".join(map(str, place)))
def test_every_number_of_repair_moves_what_is_counted(place, lived):
    k, field, *inner = place
    value = REPAIRED[place].value
    other = value / 2 if value <= 1 and field in ("asks", "granted") else value + 3
    if field == "good_deeds":
        other = value + 1
    if field == "course":
        other = 4 * value
    quantity = assumed(other, REPAIRED[place].unit)
    repair = book().instruments[k].repair
    new = quantity if not inner else getattr(repair, field).with_(**{inner[0]: quantity})
    moved = Lived(changed(k, **{field: new}))
    assert not np.array_equal(moved.counts.repairs[..., k, :], lived.counts.repairs[..., k, :])
    assert differing(moved, lived) != set()


def test_ways_are_chosen_in_their_order(lived):
    general = book().instruments[LIST].repair.general
    other = Lived(changed(LIST, general=general.with_(by=general.by[::-1])))
    assert other.counted(LIST, "asked_by_pledge") > lived.counted(LIST, "asked_by_pledge")
    assert other.counted(LIST, "asked_by_course") < lived.counted(LIST, "asked_by_course")


def test_a_severity_decides_when(lived):
    instruments = list(book().instruments)
    rules = list(instruments[POINTS].rules)
    rules[1] = rules[1].with_(severity="minor")
    instruments[POINTS] = instruments[POINTS].with_(rules=tuple(rules))
    other = Lived(book().with_(instruments=tuple(instruments)))
    assert other.counted(POINTS, "asked_by_pledge") > lived.counted(POINTS, "asked_by_pledge")


def of_the_run(one, scheme):
    """Count by instrument what the diary holds of repair of entries made since day 0."""
    held: Counter = Counter()
    for district in one.world.districts:
        days, keys, _ = all_due(district, int(district["day"]))
        for day, key in zip(days.tolist(), keys, strict=True):
            if key_what(key) == REPAIR:
                instrument = scheme.instruments[key_instrument(key)]
                known = repaired_as(instrument, instrument.rules[key_rule(key)])
                decided = int(instrument.repair.days.exact) if key_behaviour(key) == LET_OFF else 0
                made = day - int(known.after.exact) - REPAIR_MONTH * key_sensor(key) - decided
                held[key_instrument(key)] += made > 0  # the past is of day 0 at the latest
    return held


def test_an_entry_against_which_an_appeal_is_upheld_is_not_repaired_besides(lived):
    """Where appeals are always made and always upheld, nothing is left of new entries to repair."""
    known = dict.fromkeys(("coefficients.appeals.appeals_wronged", "coefficients.appeals.appeals_other"), 1)
    always = {"days": assumed(6, "days"), "upheld_wrong": assumed(1, "share"), "upheld_other": assumed(1, "share")}
    scheme = book().with_(instruments=tuple(i.with_(appeal=always) for i in book().instruments))
    one = Lived(scheme, load_parameters(Fixture(OFTEN | known).overrides), days=50)
    assert set(of_the_run(one, scheme)) - {FED} <= {POINTS, LIST, FEATURES}
    held = of_the_run(one, scheme)
    assert [held[k] for k in (POINTS, LIST, FEATURES)] == [0, 0, 0]
    assert held[FED] > 0  # which gives no notice, so that nobody appeals
    assert all(of_the_run(lived, book())[k] > 0 for k in range(4))


# ---------------------------------------------------------------------------------------------------- what is told


@pytest.fixture(scope="module")
def run():
    return scorepolis.run("village", rulebooks=[TOWN], people=2000, days=60, seed=3, set=Fixture(OFTEN).overrides)


def test_it_is_told_by_its_rule(run):
    entered = run.ledger[run.ledger["what"] == "repair"]
    assert set(entered["rule"]) >= {"H1", "H2", "L2", "B2"}
    first = entered.iloc[0]
    told = [
        moment.text for moment in moments(life_of(run, int(first["person"]))) if moment.detail.get("cause") == "repair"
    ]
    assert f"repair, asked for and granted of what rule {first['rule']} took" in told[0]


def test_measures_tell_what_came_of_it(run):
    told = run.summary.sel(group="all")
    counts = run.counts.repairs.sum(axis=(0, 1))
    for k in range(4):
        asked, granted = (float(told[f"repairs_{step}"][k].sum()) for step in ("asked", "granted"))
        assert asked > granted > 0 or k == FED
        wished = counts[k, :3].sum() + counts[k, NUMBERS["barred"]]
        assert float(told["repairs_barred"][k]) == pytest.approx(counts[k, NUMBERS["barred"]] / wished)
        assert float(told["repairs_too_poor"][k]) == pytest.approx(counts[k, NUMBERS["too_poor"]] / wished)
        if k == FED:  # where too few ask
            continue
        assert float(told["time_to_repair"][k]) == pytest.approx(counts[k, NUMBERS["days"]] / counts[k, 3:6].sum())
    assert list(told["way"].values) == list(WAYS)


def test_reports_tell_how_many_asked(run):
    (section,) = _repairs(run, POINTS)
    counts = run.counts.repairs[:, :, POINTS].sum(axis=(0, 1))
    rows = {row[0]: row[1] for row in section.rows}
    assert rows["Repairs asked for"] == f"{counts[:3].sum():,}"
    assert rows["Repairs granted"] == f"{counts[3:6].sum():,}"
    assert any(one.out == "repair" for one in run.lasting)


def test_a_book_without_repair_is_the_book_that_it_was():
    bare = without()
    content = bare.model_dump(mode="json")
    assert content["instruments"][0]["repair"] is None
    assert bare.digest() != book().digest()
    with_severity = bare.instruments[0].rules[0].with_(severity="minor")
    rules = (with_severity, *bare.instruments[0].rules[1:])
    named = bare.with_(instruments=(bare.instruments[0].with_(rules=rules), *bare.instruments[1:]))
    assert named.digest() != bare.digest()


def test_what_nobody_can_repair_is_not_looked_at():
    assert Lived(without(), days=3).world.nanoseconds["seek"] == 0
    assert Lived(book(), days=3).world.nanoseconds["seek"] > 0
