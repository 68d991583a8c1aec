"""The compiled engine equals the plain oracle bit for bit: every column, every ledger entry, every count."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from tests import oracle, two_provinces

import scorepolis
from scorepolis.engine.world import World
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import load as load_rulebook
from scorepolis.rulebooks import names

PACKAGE = Path(scorepolis.__file__).parent

# Everything at once, and strong enough to be seen: threats, rewards, false records, publicity, crowding-out.
STRONG = {
    "coefficients.deterrence.threshold": 0.02,
    "coefficients.deterrence.certainty": 8,
    "coefficients.reward.reward_pull": 200,
    "coefficients.reward.crowding_speed": 0.7,
    "coefficients.awareness.awareness": 0.8,
    "coefficients.learning.story_share": 0.9,
    "coefficients.publicity.billboard_weight": 0.15,
    "coefficients.publicity.app_weight": 0.1,
    "coefficients.publicity.broadcast_weight": 0.2,
    "coefficients.publicity.ringtone_weight": 0.2,
    "coefficients.publicity.praise_opinion": 0.1,
    "coefficients.publicity.shunning": 0.3,
    "coefficients.publicity.shunned_distrust": 0.1,
    "sensors.neighbourhood_collector.false_positive": 0.0001,
    "sensors.street_camera.false_positive": 0.0001,
    "sensors.platform.wrong_person": 0.2,
    "services.fast_train.wants": 6,
    # So many suits that the docket of the first day holds a case at every stage.
    "behaviours.contract_breach.suit": 0.5,
    "behaviours.late_loan_payment.suit": 0.5,
    "behaviours.late_utility_bill.suit": 0.5,
    "coefficients.courts.deadline": 180,
    "coefficients.courts.grace": 365,
}
# People look four deeds ahead, and a deed costs them about half a day.
FAR = {"coefficients.reward.foresight": 4, "coefficients.reward.effort": 0.0014}
UNIFORM_GAIN = {"coefficients.deterrence.form": "uniform_gain"}

LISTS = [f"{book}-{year}" for year in (2013, 2017, 2020) for book in ("defaulter-list", "spending-restriction")]
LATEST = ["defaulter-list-2024", "spending-restriction-2024"]  # of courts they say something else than those of 2020

PILOTS = [
    *("rongcheng-2021", "suining-2010", "qianjiang", "bailu", "moli", "osmanthus", "honest-shanghai", "jinan-dogs"),
    *("village-ledger", "village-stars"),
]
PATCHWORKS = ["joint-sanctions-2016", "reality-2020", "myth"]
COMPARATORS = [
    *("us-bureau", "bonus-malus-fr", "bank-internal", "health-insurance", "platform-rating", "ad-audience"),
    *("watchlist", "welfare-risk", "tenant-screening", "people-rank"),
]

CASES = {
    "law-only": (["law-only"], 3000, 7, date(2019, 1, 1), 150, {}),
    "rongcheng": (["rongcheng-2019"], 3000, 1, date(2019, 1, 1), 150, {}),
    "rongcheng, another seed": (["rongcheng-2019"], 3000, 2**63 + 5, date(2019, 3, 15), 150, {}),
    "teaching": (["teaching-town"], 3000, 3, date(2019, 1, 1), 150, {}),
    "both at once, over a birthday": (["teaching-town", "rongcheng-2019"], 1500, 4, date(2019, 12, 10), 60, {}),
    "strong, over a birthday": (["teaching-town", "rongcheng-2019"], 1500, 5, date(2019, 11, 20), 75, STRONG),
    "two lists, strong": (["defaulter-list-2020", "teaching-town"], 1500, 8, date(2020, 1, 1), 75, STRONG),
    "lists of three dates": (LISTS, 1000, 9, date(2019, 1, 1), 60, STRONG),
    "lists of the last date": ([*LATEST, "reality-2025"], 1000, 19, date(2019, 1, 1), 60, STRONG),
    "weighted": (["defaulter-list-2017", "sesame"], 1500, 14, date(2019, 12, 1), 75, STRONG),
    "towards a grade": (["teaching-town", "sesame"], 1000, 15, date(2019, 1, 1), 40, STRONG | FAR),
    "pilots": (PILOTS, 800, 16, date(2019, 12, 1), 45, STRONG),
    "patchworks": (PATCHWORKS, 800, 17, date(2019, 12, 1), 45, STRONG),
    "comparators": (COMPARATORS, 800, 18, date(2019, 12, 1), 45, STRONG),
    "uniform gain": (["teaching-town"], 1500, 6, date(2019, 1, 1), 40, UNIFORM_GAIN),
}

STATE = ("age", "flags", "education", "income_rank", "household", "traits", "rate_cell", "group_cell", "gate")
LIVED = ("experience", "income", "hardship", "trust", "opinion", "motive")
# What the oracle, too, counts by group cell.
BY_CELL = (
    "audience", "ties_lost", "on_channel", "ties", "firm_flows", "firm_moments", "body_flows", "body_moments",
    "repairs",
)  # fmt: skip
STANDING = ("raw", "standing", "counters", "overrides", "marks", "aware")


def engine_columns(world):
    here = [d["occupied"] > 0 for d in world.districts]

    def gather(column):
        return np.concatenate([column(d)[h] for d, h in zip(world.districts, here, strict=True)]).tolist()

    def standing(name, k):
        """A column of instrument k of the run: zero where it is not in force."""
        nothing = np.zeros(1, np.int64)

        def of(d):
            at = np.flatnonzero(d["instruments"] == k)
            return d[name][at[0]] if at.size else np.broadcast_to(nothing, d["age"].shape)

        return gather(of)

    columns = {name: gather(lambda d, name=name: d[name]) for name in (*STATE, *LIVED)}
    columns |= {f"belief_{n}": gather(lambda d, n=n: d["belief"][n]) for n in range(4)}
    for k in range(sum(len(book.instruments) for book in world.rulebooks)):
        columns |= {f"{name}_{k}": standing(name, k) for name in STANDING}
    return columns


def test_every_book_of_the_library_is_compared():
    """Here, or wherever else a twin is made."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("test_*.py"))]
    twins = [text for text in texts if "oracle.World(" in text]
    here = {book for books, *_ in CASES.values() for book in books}
    elsewhere = {name for name in names() if any(f'"{name}"' in text for text in twins)}
    assert set(names()) == here | elsewhere


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("society", ["village"])
def test_engine_equals_oracle(case, society):
    books, people, seed, start, days, overrides = CASES[case]
    # Small districts, so that several of them exchange.
    overrides = {f"societies.{society}.district_neighbourhoods": 4, **overrides}
    parameters = load_parameters(overrides)
    rulebooks = [load_rulebook(b, parameters) for b in books]
    world = World(parameters, rulebooks, society=society, people=people, seed=seed, start=start, threads=2)
    world.run(days)
    paths = [PACKAGE / "rulebooks" / "library" / f"{b}.yaml" for b in books]
    twin = oracle.World(PACKAGE / "parameters", paths, society, people, seed, start, overrides)
    twin.run(days)
    assert_equal(world, twin)


# Of two provinces: under which rulebooks, and where each is in force.
DIVIDED = {
    "points in one place, lists everywhere": (
        {"rongcheng-2019": ["lakeside"], "defaulter-list-2017": None, "spending-restriction-2017": None}, 1500, 11,
    ),
    "each elsewhere, and some nowhere": (
        {"defaulter-list-2020": ["highland", "shore"], "teaching-town": ["qinghai"], "rongcheng-2019": ["highland"]},
        1100, 12,
    ),
    "ordinary law but for one place": ({"teaching-town": ["highland"]}, 900, 13),
}  # fmt: skip


@pytest.mark.parametrize("case", DIVIDED)
def test_engine_equals_oracle_where_rulebooks_are_in_force_in_places(case, tmp_path):
    books, people, seed = DIVIDED[case]
    folder, start = two_provinces.write(tmp_path), date(2019, 11, 20)
    parameters = two_provinces.load(folder, STRONG)
    rulebooks, where = [load_rulebook(b, parameters) for b in books], list(books.values())
    world = World(parameters, rulebooks, society="two", where=where, people=people, seed=seed, start=start, threads=2)
    world.run(75)
    paths = [PACKAGE / "rulebooks" / "library" / f"{b}.yaml" for b in books]
    twin = oracle.World(folder, paths, "two", people, seed, start, STRONG, where)
    twin.run(75)
    assert len(world.regions.names) > 2
    assert len(twin.ledger) > 40
    assert_equal(world, twin)


def assert_equal(world, twin):
    """Every column, every ledger entry, every count is the same."""
    mine, theirs = engine_columns(world), twin.columns()
    for name, column in theirs.items():
        differing = [i for i, (a, b) in enumerate(zip(mine[name], column, strict=True)) if a != b]
        assert not differing, f"{name} differs for {len(differing)} people, first number {differing[0]}"
    levels = np.concatenate([d["levels"] for d in world.districts]).tolist()
    assert levels == [list(row) for row in twin.neighbourhoods["levels"]]
    factors = np.concatenate([d["peers_factor"] for d in world.districts]).tolist()
    assert factors == [list(row) for row in twin.neighbourhoods["peers"]]

    fields = world.tally.ledger()
    rows = list(zip(*(column.tolist() for column in fields.values()), strict=True))
    assert rows == [tuple(row) for row in twin.ledger]

    counts = world.tally.counts()
    for name, months in twin.counts.items():
        array = getattr(counts, name)
        total = array if name in BY_CELL else array.sum(axis=1)
        snapshot = total.shape[0] == len(months) + 1
        got = total[1:] if snapshot else total
        for month, expected in enumerate(months):
            assert got[month].tolist() == padded(expected, got[month]), f"{name} in month {month}"


def padded(expected, like):
    """The oracle's ragged lists (grades by instrument), padded with zeros to the engine's shape."""
    out = np.zeros(like.shape, np.int64)
    if out.ndim == 0:
        return expected
    for at, value in enumerate(expected):
        if isinstance(value, (list, tuple)):
            if value:  # else there are no instruments
                out[at, : len(value)] = value
        else:
            out[at] = value
    return out.tolist()
