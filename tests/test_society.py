"""The people of a society against published figures, and their independence of how they are built.

Published figures:

- Seventh National Population Census 2020 (National Bureau of Statistics): people by sex in bands of five years, the
  nation and Shandong; 63.89 % urban, 8.89 % minorities, 218.36 million of 1,411.78 million with college.
- Communist Party of China, bulletin of 30 June 2024: 99.185 million members at the end of 2023, by age; 30.4 % women,
  7.7 % minorities, 56.2 % with college. Rates are members of 2023 over people of 2020 of the same age.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from scorepolis import parameters
from scorepolis.core.errors import InputError
from scorepolis.society import SLOTS, birthday, build_people, build_places, income_table
from scorepolis.society.flags import (
    BORROWER,
    DOG_OWNER,
    DRIVER,
    FEMALE,
    MIGRANT,
    MINORITY,
    ONLINE,
    OPPORTUNITIES,
    PARTY,
    PUBLIC_SERVANT,
    URBAN,
    WORKING,
)

LOADED = parameters.load()
PEOPLE = 200_000

NATIONAL_MALE = (
    40969331, 48017458, 45606790, 39053343, 39675995, 48162270, 63871808, 50932037, 47632694, 58191686, 61105470,
    50816026, 36871125, 36337923, 24162733, 14752433, 9157003, 4426091, 1367594, 271455, 35129,
)  # fmt: skip
NATIONAL_FEMALE = (
    36914557, 42226598, 39649204, 33630797, 35265680, 43685062, 60273382, 48080895, 45322636, 56033201, 60058826,
    50584760, 36511813, 37667637, 25427303, 16486416, 11225875, 6400439, 2285155, 548357, 83737,
)  # fmt: skip
SHANDONG_MALE = (
    3451773, 3516229, 3322812, 2712478, 2381018, 2339651, 4650150, 3500343, 3213370, 3917828, 4570021,
    3813562, 2906664, 2958267, 1915118, 1125752, 679355, 338605, 101247, 16997, 1691,
)  # fmt: skip
SHANDONG_FEMALE = (
    3070543, 2932856, 2768425, 2382761, 2216090, 2137929, 4485349, 3389127, 3150260, 3857379, 4574556,
    3952137, 2950064, 3106501, 2117104, 1310865, 876889, 550735, 211022, 47377, 6553,
)  # fmt: skip
PARTY_MEMBERS = 99_185_000
PARTY_BY_AGE = {  # last year of age: members
    30: 12_412_000,
    35: 11_196_000,
    40: 10_864_000,
    45: 9_459_000,
    50: 9_071_000,
    55: 9_405_000,
    60: 8_907_000,
    100: 27_872_000,
}
CENSUS = 1_409_778_724


@cache
def people_of(name: str, people: int = PEOPLE, seed: int = 7) -> dict[str, np.ndarray]:
    """Columns of a society's occupied slots."""
    society = LOADED.societies[name]
    places = build_places(society, people, LOADED)
    columns = build_people(places, society, LOADED, seed, 0, places.neighbourhoods)
    occupied = columns["occupied"] == 1
    return {name: column[occupied] for name, column in columns.items()}


def has(columns: dict[str, np.ndarray], flag: int) -> np.ndarray:
    return (columns["flags"] & flag) > 0


def assert_share(found: np.ndarray, published: float, *, people_per_draw: float = 1, rounding: float = 0) -> None:
    """A share agrees with a published one: within five standard errors and the rounding of the published figure."""
    error = 5 * np.sqrt(published * (1 - published) * people_per_draw / found.size)
    assert found.mean() == pytest.approx(published, abs=error + rounding)


HOUSEHOLD = 3.5
"""People per draw where a household shares one: the mean household of a person."""


@pytest.mark.parametrize(
    ("name", "male", "female"),
    [("town", NATIONAL_MALE, NATIONAL_FEMALE), ("rongcheng", SHANDONG_MALE, SHANDONG_FEMALE)],
)
def test_age_by_sex_is_that_of_the_census(name: str, male: tuple[int, ...], female: tuple[int, ...]) -> None:
    people = people_of(name)
    published = np.stack([male, female], axis=1).ravel()
    expected = published / published.sum() * PEOPLE
    found = np.bincount(people["age"] // 5 * 2 + has(people, FEMALE), minlength=42)
    chi_square = ((found - expected) ** 2 / expected).sum()
    # 41 degrees of freedom: mean 41, standard deviation 9; the last cells are small.
    assert chi_square < 41 + 5 * np.sqrt(2 * 41)


def test_ages_within_a_band_are_even() -> None:
    age = people_of("town")["age"]
    within = np.bincount(age[age < 100] % 5)
    assert np.abs(within / within.mean() - 1).max() < 5 * np.sqrt(4 / (age < 100).sum())


def test_urban_minority_and_migrant_shares() -> None:
    people = people_of("town")
    society = LOADED.societies["town"]
    # The last urban neighbourhood is urban as a whole.
    assert has(people, URBAN).mean() == pytest.approx(0.6389, abs=society.neighbourhood_size.value / PEOPLE)
    assert_share(has(people, MINORITY), 0.0889, people_per_draw=HOUSEHOLD)
    assert_share(has(people, MIGRANT), 0.2666, people_per_draw=HOUSEHOLD, rounding=0.0006)


def test_college_share() -> None:
    assert_share(people_of("town")["education"] == 3, 218.36 / 1411.78, people_per_draw=HOUSEHOLD, rounding=0.005)


def test_education_by_age_and_place_is_that_of_the_parameters() -> None:
    people = people_of("town")
    assert not people["education"][people["age"] < 18].any()
    bands = {
        "18-29": (18, 29),
        "30-39": (30, 39),
        "40-49": (40, 49),
        "50-59": (50, 59),
        "60-69": (60, 69),
        "70+": (70, 100),
    }
    for urban, table in ((True, LOADED.population.education.urban), (False, LOADED.population.education.rural)):
        for band, (low, high) in bands.items():
            here = (people["age"] >= low) & (people["age"] <= high) & (has(people, URBAN) == urban)
            for level, share in enumerate(table[band].exact):
                assert_share(people["education"][here] == level, float(share), people_per_draw=HOUSEHOLD)


def test_party_members_by_age() -> None:
    people = people_of("town")
    member = has(people, PARTY)
    census = np.repeat(np.add(NATIONAL_MALE, NATIONAL_FEMALE) / 5, 5)
    low = 18
    for last, members in PARTY_BY_AGE.items():
        here = (people["age"] >= low) & (people["age"] <= last)
        assert_share(member[here], members / census[low : last + 1].sum(), people_per_draw=1.2, rounding=0.001)
        low = last + 1
    assert not member[people["age"] < 18].any()
    assert_share(member, PARTY_MEMBERS / CENSUS, people_per_draw=1.2, rounding=0.001)


@pytest.mark.parametrize(
    ("what", "share"),
    [("women", 0.304), ("college", 0.562), ("minority", 0.077)],
)
def test_party_members_by_sex_education_and_minority(what: str, share: float) -> None:
    people = people_of("town")
    member = has(people, PARTY)
    among = {"women": has(people, FEMALE), "college": people["education"] == 3, "minority": has(people, MINORITY)}
    assert_share(among[what][member], share, people_per_draw=1.5, rounding=0.002)


def test_minority_and_majority_are_alike_but_for_the_party() -> None:
    people = people_of("town")
    minority = has(people, MINORITY)
    for column in ("age", "education", "income_rank", "traits"):
        values = people[column] & 15 if column == "traits" else people[column]
        gap = values[minority].mean() - values[~minority].mean()
        assert abs(gap) < 5 * values.std() * np.sqrt(HOUSEHOLD / minority.sum())


@pytest.mark.parametrize(
    ("name", "province"), [(name, p) for name, s in LOADED.societies.items() for p in LOADED.provinces_of(s)]
)
def test_incomes_have_the_published_mean_and_gini(name: str, province: str) -> None:
    society = LOADED.societies[name]
    mean = LOADED.provinces_of(society)[province].income_mean
    income = income_table(mean.exact, society.income_gini.exact)
    assert income.shape == (1024,)
    assert income.min() >= 1
    assert np.all(np.diff(income) > 0)
    assert income.mean() == pytest.approx(mean.value, abs=1)
    rank = np.arange(1, 1025)
    gini = 2 * (rank * income).sum() / (1024 * income.sum()) - 1025 / 1024
    assert gini == pytest.approx(society.income_gini.value, abs=0.01)


def test_people_have_the_published_incomes() -> None:
    people = people_of("town")
    society = LOADED.societies["town"]
    income = np.sort(income_table(society.income_mean.exact, society.income_gini.exact)[people["income_rank"]])
    assert income.mean() == pytest.approx(society.income_mean.value, rel=0.03)
    gini = 2 * (np.arange(1, PEOPLE + 1) * income).sum() / (PEOPLE * income.sum()) - (PEOPLE + 1) / PEOPLE
    assert gini == pytest.approx(society.income_gini.value, abs=0.015)
    fifths = np.bincount((people["income_rank"].astype(int) * 5) >> 10) / PEOPLE
    assert fifths == pytest.approx([0.2] * 5, abs=5 * np.sqrt(0.16 * HOUSEHOLD / PEOPLE) + 0.01)


def test_income_goes_with_education_and_place() -> None:
    people = people_of("town")
    adult = people["age"] >= 18
    rank = people["income_rank"][adult]
    assert rank[people["education"][adult] == 3].mean() > rank[people["education"][adult] == 0].mean() + 50
    assert rank[has(people, URBAN)[adult]].mean() > rank[~has(people, URBAN)[adult]].mean() + 50


@pytest.mark.parametrize("name", list(OPPORTUNITIES))
def test_flags_by_age_are_those_of_the_parameters(name: str) -> None:
    people = people_of("town")
    flag = LOADED.population.flags[name]
    band = np.searchsorted([6, 18, 30, 40, 50, 60, 70], people["age"], side="right")
    sex = np.where(has(people, FEMALE), float(flag.female.exact), float(flag.male.exact))
    place = np.where(has(people, URBAN), float(flag.urban.exact), float(flag.rural.exact))
    chance = np.minimum(1, np.array([float(share) for share in flag.share.exact])[band] * sex * place)
    if name == "public_servant":
        working = LOADED.population.flags["working"]
        sex = np.where(has(people, FEMALE), float(working.female.exact), float(working.male.exact))
        place = np.where(has(people, URBAN), float(working.urban.exact), float(working.rural.exact))
        chance *= np.minimum(1, np.array([float(share) for share in working.share.exact])[band] * sex * place)
    found = has(people, OPPORTUNITIES[name])
    for b in range(8):
        here = band == b
        spread = (chance[here] * (1 - chance[here])).sum() * (HOUSEHOLD if name == "dog_owner" else 1)
        assert abs(found[here].sum() - chance[here].sum()) <= 5 * np.sqrt(spread) + 1e-6


def test_flags_fit_together() -> None:
    people = people_of("town")
    assert not (has(people, PUBLIC_SERVANT) & ~has(people, WORKING)).any()
    for flag in (DRIVER, BORROWER, ONLINE, WORKING, DOG_OWNER, PUBLIC_SERVANT, PARTY):
        assert 0 < has(people, flag).mean() < 1


def test_households_share_what_is_the_households() -> None:
    society = LOADED.societies["town"]
    places = build_places(society, 20_000, LOADED)
    people = build_people(places, society, LOADED, 7, 0, places.neighbourhoods)
    for flag in (MINORITY, MIGRANT, URBAN):
        assert np.array_equal(has(people, flag), has(people, flag)[people["home"]] & (people["occupied"] == 1))
    occupied = people["occupied"] == 1
    assert np.array_equal(people["income_rank"][occupied], people["income_rank"][people["home"]][occupied])


def test_trait_levels_are_even_and_independent() -> None:
    traits = people_of("town")["traits"].astype(int)
    levels = np.stack([(traits >> 4 * t) & 15 for t in range(4)])
    for level in levels:
        counts = np.bincount(level, minlength=16)
        assert ((counts - PEOPLE / 16) ** 2 / (PEOPLE / 16)).sum() < 15 + 5 * np.sqrt(30)
    assert np.abs(np.corrcoef(levels) - np.eye(4)).max() < 5 / np.sqrt(PEOPLE)


def test_cells_name_what_the_columns_say() -> None:
    people = people_of("town")
    age, cell = people["age"], people["group_cell"].astype(int)
    band = np.searchsorted([6, 18, 30, 40, 50, 60, 70], age, side="right")
    assert np.array_equal(people["rate_cell"], band * 4 + 2 * has(people, FEMALE) + has(people, URBAN))
    assert cell.max() < 640
    assert np.array_equal(cell & 1, has(people, PARTY))
    assert np.array_equal(cell // 2 % 5, people["income_rank"].astype(int) * 5 // 1024)
    assert np.array_equal(cell // 10 % 2, has(people, MIGRANT))
    assert np.array_equal(cell // 20 % 2, has(people, MINORITY))
    assert np.array_equal(cell // 40 % 2, has(people, URBAN))
    assert np.array_equal(cell // 80 % 2, has(people, FEMALE))
    assert np.array_equal(cell // 160, np.searchsorted([18, 40, 60], age, side="right"))


def test_a_district_built_alone_is_the_same_district() -> None:
    society = LOADED.societies["town"]
    places = build_places(society, 31_234, LOADED)
    whole = build_people(places, society, LOADED, 7, 0, places.neighbourhoods)
    for first, last in ((0, 1), (1, 20), (20, 41), (41, 42), (42, places.neighbourhoods)):
        part = build_people(places, society, LOADED, 7, first, last)
        for name, column in whole.items():
            assert np.array_equal(part[name], column[first * SLOTS : last * SLOTS]), name
            assert part[name].dtype == column.dtype


def test_empty_slots_are_zero_and_come_last() -> None:
    society = LOADED.societies["town"]
    places = build_places(society, 20_001, LOADED)
    people = build_people(places, society, LOADED, 7, 0, places.neighbourhoods)
    expected = np.arange(SLOTS) < places.sizes[:, None]
    assert np.array_equal(people["occupied"].reshape(-1, SLOTS), expected)
    for column in people.values():
        assert not column[~expected.ravel()].any()


def test_the_seed_makes_the_people() -> None:
    one, again, other = (people_of("village", 1000, seed) for seed in (1, 1, 2))
    high = people_of("village", 1000, 1 + (1 << 32))
    for name in ("age", "flags", "traits", "household"):
        assert np.array_equal(one[name], again[name])
        assert not np.array_equal(one[name], other[name])
        assert not np.array_equal(one[name], high[name]), "the upper half of the seed counts too"


def test_a_birthday_renews_age_and_cells_and_nothing_else() -> None:
    society = LOADED.societies["town"]
    places = build_places(society, 20_000, LOADED)
    before = build_people(places, society, LOADED, 7, 0, places.neighbourhoods)
    after = {name: column.copy() for name, column in before.items()}
    birthday(after)
    occupied = before["occupied"] == 1
    assert np.array_equal(after["age"][occupied], np.minimum(before["age"][occupied] + 1, 100))
    for name, column in before.items():
        if name not in {"age", "rate_cell", "group_cell"}:
            assert np.array_equal(after[name], column), name
        assert not after[name][~occupied].any()
    seventeen = occupied & (before["age"] == 17)
    assert np.all(after["rate_cell"][seventeen] == before["rate_cell"][seventeen] + 4)
    assert np.all(after["group_cell"][seventeen] == before["group_cell"][seventeen] + 160)
    settled = occupied & (before["age"] == 25)
    assert np.array_equal(after["rate_cell"][settled], before["rate_cell"][settled])
    for _ in range(120):
        birthday(after)
    assert set(after["age"][occupied].tolist()) == {100}


def test_a_tilt_that_cannot_be_balanced_is_refused() -> None:
    society = LOADED.societies["town"]
    few_urban = society.urban_share.model_copy(update={"value": 0.05})
    altered = society.model_copy(update={"urban_share": few_urban})
    places = build_places(altered, 1000, LOADED)
    with pytest.raises(InputError, match="income_urban"):
        build_people(places, altered, LOADED, 7, 0, 1)


@pytest.mark.parametrize("share", [0, 1])
def test_a_society_may_be_all_urban_or_all_rural(share: int) -> None:
    society = LOADED.societies["town"]
    altered = society.model_copy(update={"urban_share": society.urban_share.model_copy(update={"value": share})})
    places = build_places(altered, 1000, LOADED)
    people = build_people(places, altered, LOADED, 7, 0, places.neighbourhoods)
    assert has(people, URBAN)[people["occupied"] == 1].mean() == share
