"""The parameters: provenance everywhere, levels, overrides, and faults told with their place."""

from __future__ import annotations

import copy
import functools
import math
from fractions import Fraction
from importlib import resources
from itertools import product
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel, ValidationError

from scorepolis.core.errors import InputError
from scorepolis.core.provenance import Quantities, Quantity
from scorepolis.core.yamlfile import Document, read
from scorepolis.parameters.load import FILES, build, load, quantities
from scorepolis.parameters.model import BANDS, FLAGS, Behaviour, Parameters, Province, Rate, Service

BEHAVIOURS = [
    *("jaywalking", "littering", "traffic_offence", "drink_driving", "unleashed_dog", "late_utility_bill"),
    *("late_loan_payment", "contract_breach", "fraud", "late_tax", "theft", "violence", "ignoring_judgment"),
    *("petitioning", "criticising_government", "unapproved_worship", "heavy_gaming"),
    *("volunteering", "donating", "giving_blood", "helping_neighbour", "yielding_to_pedestrians"),
    "unfulfilled_judgment",
    "breaking_spending_order",
    "breaking_settlement",
    *("fare_dodging", "smoking_on_train", "dog_noise", "illegal_parking", "noise_to_neighbours", "quarrel_at_work"),
    *("queue_jumping", "unsorted_waste", "shared_bike_misuse", "unpaid_booking", "stealing_utilities"),
    *("wrecking_public_equipment", "tampering_with_heating", "heavy_drinking"),
    *("card_default", "private_loan_breach", "guarantee_breach", "pyramid_selling", "selling_counterfeits"),
    *("illegal_lending", "late_public_service_fees"),
    *("tax_evasion", "false_declaration", "refusing_investigation", "bribing", "exam_cheating"),
    *("unauthorised_construction", "breaking_emergency_rule"),
    *("hiding_assets", "false_testimony", "abuse_of_family_members"),
    *("spreading_rumours", "defaming_online", "joining_protest", "supporting_opposition"),
    *("buying_necessities", "punctual_at_work", "returning_lost_property", "heroic_act", "mediating_dispute"),
    *("clearing_snow", "paying_on_time", "praising_government", "caring_for_parents", "reporting_neighbour"),
    *("award", "commendation", "party_post", "soldier_in_family"),
]
PROTECTED = {
    "petitioning": "ICCPR 25",
    "criticising_government": "ICCPR 19",
    "unapproved_worship": "ICCPR 18",
    "spreading_rumours": "ICCPR 19",
    "joining_protest": "ICCPR 21",
    "supporting_opposition": "ICCPR 22",
}
SERVICES = [
    *("consumer_loan", "fast_train", "flight", "starred_hotel", "deposit_free_rental", "heating_subsidy"),
    *("public_post", "good_job", "private_school", "hospital_queue"),
    *("soft_sleeper", "mortgage", "university_place", "bike_or_power_bank", "permit", "professional_licence"),
    *("insurance", "government_counter", "dating_match", "internet_plan", "travel_abroad", "honours", "aid"),
    "buying_home",
]


@functools.cache
def documents() -> dict[str, Document]:
    folder = resources.files("scorepolis.parameters")
    return {name: read(folder / f"{name}.yaml", f"{name}.yaml") for name in FILES}


def at(data: object, path: str) -> tuple[Any, Any]:
    """Return the holder of the entry at a dotted path, and its key there."""
    *outer, last = [int(key) if key.isdecimal() else key for key in path.split(".")]
    holder: Any = data
    for key in outer:
        holder = holder[key]
    return holder, last


def broken(name: str, change: dict[str, Any]) -> InputError:
    """Return the fault found once entries of one file are changed; `...` takes an entry away."""
    data = copy.deepcopy(documents()[name].data)
    for path, value in change.items():
        holder, key = at(data, path)
        if value is ...:
            del holder[key]
        else:
            holder[key] = value
    with pytest.raises(InputError) as caught:
        build(documents() | {name: documents()[name].with_data(data)})
    return caught.value


SUED = [
    *("late_utility_bill", "late_loan_payment", "contract_breach", "fraud", "card_default", "private_loan_breach"),
    *("guarantee_breach", "late_public_service_fees"),
]


def test_contents():
    parameters = load()
    assert list(parameters.behaviours) == BEHAVIOURS
    assert list(parameters.services) == SERVICES
    assert list(parameters.societies) == ["village", "town", "rongcheng", "national"]
    assert {b.domain for b in parameters.behaviours.values()} == {"government", "commerce", "society", "judiciary"}
    assert {b.trait for b in parameters.behaviours.values()} == {"self_control", "public_spirit", "dissent", "prudence"}
    kinds = {sensor.kind for sensor in parameters.sensors.values()}
    assert kinds == {"camera", "collector", "tip_off", "agency", "platform", "self_report"}
    assert {name: b.protected for name, b in parameters.behaviours.items() if b.protected} == PROTECTED
    # The exercise of a right is counted as no harm.
    assert {parameters.behaviours[name].harm.value for name in PROTECTED} == {0}
    seen = {name for sensor in parameters.sensors.values() for name in sensor.sees}
    assert seen == set(BEHAVIOURS)
    used = {entry.age for entry in (*parameters.behaviours.values(), *parameters.services.values())}
    assert used == set(parameters.age_profiles)


def test_what_a_court_decides_is_no_habit():
    parameters = load()
    decided = [name for name, b in parameters.behaviours.items() if b.decided_by]
    assert decided == ["ignoring_judgment", "unfulfilled_judgment", "breaking_spending_order", "breaking_settlement"]
    for name in decided:
        b = parameters.behaviours[name]
        assert (b.rate.male.exact, b.rate.female.exact, b.weight.exact, b.age) == (0, 0, 1, "adult")
        assert (b.urban, b.hardship, b.peers, b.suit, b.conduct) == (None, None, None, None, "bad")
        # What stands in no file is no parameter.
        assert not [path for path, _ in quantities(parameters) if path.startswith(f"behaviours.{name}.rate")]
    with pytest.raises(InputError, match="no parameter has the path"):
        load({"behaviours.ignoring_judgment.rate.male": 0})


def test_who_may_write():
    parameters = load()
    assert parameters.may_write("bank", "late_loan_payment")
    assert parameters.may_write("court", "late_loan_payment")  # as a judgment
    assert parameters.may_write("court", "unfulfilled_judgment")
    assert parameters.may_write("court", "theft")
    assert not parameters.may_write("court", "littering")
    assert not parameters.may_write("utility", "late_loan_payment")


def test_judgments_and_listings_are_of_the_published_order():
    """5 to 8 judgments, and 2 to 4 defaulters found able, per 1,000 adults a year, at a hardship of 0.07 among debtors.

    Executed applications were some 6 per 1,000 a year from 2016 to 2018, new listings 2 to 4.
    """
    parameters = load()
    sued = {name: b for name, b in parameters.behaviours.items() if b.suit}
    assert list(sued) == SUED
    adults, judgments, hardship = 0.0, 0.0, 0.07
    for age, *sexes in people_by_age(parameters):
        for b, (female, people) in product(sued.values(), enumerate(sexes if age >= 18 else (0, 0))):
            rate = (b.rate.female if female else b.rate.male).value * parameters.age_profiles[b.age].values[band(age)]
            flag = 0.64 * flag_share(parameters, b.requires, band(age), female, 1)
            flag += 0.36 * flag_share(parameters, b.requires, band(age), female, 0)
            pull = 1 + (b.hardship.value if b.hardship else 0) * hardship
            judgments += 1000 * people * rate * flag * pull * b.suit.value
        adults += sum(sexes) if age >= 18 else 0
    judgments /= adults
    courts = parameters.coefficients.courts
    unable = courts.unable_at_full_hardship.value * hardship
    found_able = unable * courts.mistaken_able.value
    found_able += (1 - unable) * courts.evasion.value * (1 - courts.mistaken_unable.value)
    assert 5 < judgments < 8
    assert 2 < judgments * courts.applies.value * found_able < 4


def test_every_number_has_grounds_of_its_own():
    found = dict(quantities(load()))
    assert len(found) > 400
    for path, quantity in found.items():
        assert quantity.unit, path
        assert quantity.reason if quantity.status == "assumed" else quantity.source, path
        low, high = quantity.range
        assert low < high, path
    assert found["coefficients.learning.peer_weight"] is load().coefficients.learning.peer_weight
    assert isinstance(found["age_profiles.adult"], Quantities)
    assert "population.party.by_age.1.rate" in found


def test_recalled_figures_never_pass_for_documented():
    for path, quantity in quantities(load()):
        if quantity.status != "assumed":
            assert "recalled" not in f"{quantity.source} {quantity.note}", path


@pytest.mark.parametrize("key", ["unit", "status", "range", "reason"])
@pytest.mark.parametrize("path", ["behaviours.theft.harm", "age_profiles.adult"])
def test_a_number_without_provenance_is_refused(path: str, key: str):
    error = broken("behaviours", {f"{path}.{key}": ...})
    assert error.file == "behaviours.yaml"
    assert error.line == documents()["behaviours"].where(tuple(path.split(".")))[0]


def test_a_bare_number_is_refused():
    assert "theft.harm" in str(broken("behaviours", {"behaviours.theft.harm": 1500}))


def test_conduct_knows_no_minority_and_no_party():
    """No field of a behaviour, a rate or a service could hold such a factor, and no name of one occurs in the files."""
    fields = {name for model in (Behaviour, Rate, Service) for name in model.model_fields}
    assert not {name for name in fields if "minority" in name or "party" in name or "migrant" in name}
    assert set(Rate.model_fields) == {"male", "female"}
    assert not {"minority", "party", "migrant"} & set(FLAGS)
    for name in ("behaviours", "services", "coefficients"):
        for path in _keys(documents()[name].data):
            assert not {"minority", "majority", "party", "migrant"} & set(path), path
    with pytest.raises(ValidationError):
        Rate.model_validate(load().behaviours["theft"].rate.model_dump() | {"minority": 2})


def _keys(data: object, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not isinstance(data, dict):
        return []
    return [(*path, key) for key in data] + [inner for key in data for inner in _keys(data[key], (*path, key))]


def test_census():
    people = load().population.age_sex
    assert sum(people["national"].male.exact) + sum(people["national"].female.exact) == 1_409_778_724
    assert sum(people["shandong"].male.exact) + sum(people["shandong"].female.exact) == 101_527_453
    # The 31 provinces make the country, men and women of every age.
    provinces = [people[name] for name in load().societies["national"].provinces]
    assert len(provinces) == 31
    for sex in ("male", "female"):
        together = np.sum([getattr(province, sex).values for province in provinces], axis=0)
        assert together.tolist() == list(getattr(people["national"], sex).values)
    size = load().population.household_size.exact
    assert sum((i + 1) * share for i, share in enumerate(size)) == Fraction("2.62")


@pytest.mark.parametrize(
    ("name", "published", "apart"),
    [
        # The census of 2020: 63.89 % urban with the servicemen, 125.47 million of minorities, 375.82 million away from
        # where they are registered; and disposable income per head in that year.
        ("urban_share", 0.6389, 0.001),
        ("minority_share", 125.47 / 1411.78, 0.001),
        ("migrant_share", 375.82 / 1411.78, 0.005),
        ("income_mean", 32_189, 400),
    ],
)
def test_what_was_recalled_of_provinces_weighs_up_to_what_was_published_of_the_country(name, published, apart):
    people = load().population.age_sex
    weights = {p: sum(people[p].male.values) + sum(people[p].female.values) for p in load().provinces}
    mean = np.average([getattr(own, name).value for own in load().provinces.values()], weights=list(weights.values()))
    assert mean == pytest.approx(published, abs=apart)


def band(age: int) -> int:
    return next((b for b, last in enumerate((5, 17, 29, 39, 49, 59, 69)) if age <= last), 7)


def people_by_age(parameters: Parameters, province: str = "national") -> list[tuple[int, float, float]]:
    """Return age, men and women, as shares of the province."""
    counts = parameters.population.age_sex[province]
    total = sum(counts.male.values) + sum(counts.female.values)
    rows = []
    for k, (men, women) in enumerate(zip(counts.male.values, counts.female.values, strict=True)):
        ages = [100] if k == 20 else range(5 * k, 5 * k + 5)
        rows += [(age, men / total / len(ages), women / total / len(ages)) for age in ages]
    return rows


def flag_share(parameters: Parameters, name: str | None, b: int, female: int, urban: int) -> float:
    if name is None:
        return 1
    flag = parameters.population.flags[name]
    factors = (flag.female if female else flag.male).value * (flag.urban if urban else flag.rural).value
    return min(1, flag.share.values[b] * factors)


Z = [0.0784, 0.2372, 0.4023, 0.5791, 0.7764, 1.0100, 1.3180, 1.8627]


LIVED_IN = {
    f"{name}-{p}": (p, own) for name, s in load().societies.items() for p, own in load().provinces_of(s).items()
}


@pytest.mark.parametrize(("province", "own"), LIVED_IN.values(), ids=list(LIVED_IN))
def test_ceilings_leave_room(province: str, own: Province):
    """The mean ceiling stays below 0.06 acts a day, and nobody's, with every trait at its worst, above 0.4."""
    parameters = load()
    most = parameters.coefficients.peers.peers_most.value
    reward = 1 + parameters.coefficients.reward.reward_most.value
    urban_share = own.urban_share.value
    share = dict.fromkeys(product(range(8), range(2), range(2)), 0.0)
    for age, men, women in people_by_age(parameters, province):
        for female, urban in product(range(2), range(2)):
            place = urban_share if urban else 1 - urban_share
            share[band(age), female, urban] += (women if female else men) * place
    mean, worst = 0.0, dict.fromkeys(share, 0.0)
    kinds = [*parameters.behaviours.values(), *parameters.services.values()]
    for kind, (b, female, urban) in product(kinds, share):
        daily = parameters.age_profiles[kind.age].values[b] / 365 * (kind.urban.value if kind.urban and urban else 1)
        if isinstance(kind, Behaviour):
            daily *= (kind.rate.female if female else kind.rate.male).value / kind.weight.value
            daily *= (1 + (kind.hardship.value if kind.hardship else 0)) * (most if kind.peers else 1)
            daily *= reward if kind.conduct == "good" else 1
            slope = kind.slope.value
            trait = math.exp(abs(slope) * Z[-1]) / (sum(math.cosh(slope * z) for z in Z) / 8)
        else:
            daily *= kind.wants.value
            trait = 1
        mean += share[b, female, urban] * daily * flag_share(parameters, kind.requires, b, female, urban)
        worst[b, female, urban] += daily * trait
    assert 0.02 < mean < 0.06
    assert max(worst.values()) < 0.4


def test_blood_donors_are_those_of_the_bulletin():
    parameters = load()
    giving = parameters.behaviours["giving_blood"]
    profile = parameters.age_profiles[giving.age].values
    rates = giving.rate.male.value, giving.rate.female.value
    donors = sum(profile[band(age)] * (m * rates[0] + f * rates[1]) for age, m, f in people_by_age(parameters))
    assert donors * 1000 == pytest.approx(11.4, abs=0.1)


def test_drink_driving_is_that_of_the_survey():
    """3 % of men and 0.1 % of women in 30 days, at the shares of drivers the derivation names."""
    rate = load().behaviours["drink_driving"].rate
    assert rate.male.value * 0.55 * 30 / 365 == pytest.approx(0.03, rel=0.02)
    assert rate.female.value * 0.3 * 30 / 365 == pytest.approx(0.001, rel=0.02)


def college_share(parameters: Parameters, b: int, urban: float = 0.6389) -> float:
    education = parameters.population.education
    if BANDS[b] not in education.urban:  # children count in the lowest level
        return 0
    return urban * education.urban[BANDS[b]].values[3] + (1 - urban) * education.rural[BANDS[b]].values[3]


def test_college_is_that_of_the_census():
    parameters = load()
    college = sum((m + f) * college_share(parameters, band(age)) for age, m, f in people_by_age(parameters))
    assert college == pytest.approx(218.36 / 1411.78, abs=0.002)


def test_party_membership_is_that_of_the_bulletin():
    parameters = load()
    party = parameters.population.party
    members: dict[tuple[int, str, str, str], float] = {}
    for age, men, women in people_by_age(parameters):
        entry = next(e for e in party.by_age if age <= e.to)
        college = college_share(parameters, band(age))
        for (sex, people), (school, c), (group, m) in product(
            [("male", men), ("female", women)],
            [("college", college), ("other", 1 - college)],
            [("minority", 0.0889), ("majority", 1 - 0.0889)],
        ):
            factor = getattr(party, sex).value * getattr(party, school).value * getattr(party, group).value
            key = (entry.to, sex, school, group)
            members[key] = members.get(key, 0) + people * c * m * min(1, entry.rate.value * factor)

    def share(name: str) -> float:
        return sum(n for key, n in members.items() if name in key) / sum(members.values())

    people = 1_409_778_724
    assert sum(members.values()) * people == pytest.approx(99_185_000, rel=0.002)
    assert share("female") == pytest.approx(0.304, abs=0.001)
    assert share("college") == pytest.approx(0.562, abs=0.001)
    assert share("minority") == pytest.approx(0.077, abs=0.001)
    published = {17: 0, 30: 12.412, 35: 11.196, 40: 10.864, 45: 9.459, 50: 9.071, 55: 9.405, 60: 8.907, 120: 27.872}
    for to, millions in published.items():
        found = sum(n for key, n in members.items() if key[0] == to) * people / 1e6
        assert found == pytest.approx(millions, rel=0.005)


def test_loading_again_gives_the_same():
    assert load() is load()
    assert load({}) == load()


def test_overrides():
    changed = load(
        {
            "coefficients.learning.peer_weight": "0.05",
            "behaviours.jaywalking.rate.male": 90,
            "age_profiles.adult.3": 0.5,
            "societies.town.people": "5000",
            "sensors.street_camera.sees.theft": "1e-1",
            "population.party.by_age.1.rate": 0.06,
            "coefficients.deterrence.form": "uniform_gain",
        }
    )
    assert changed.coefficients.learning.peer_weight.exact == Fraction(1, 20)
    assert changed.behaviours["jaywalking"].rate.male.exact == 90
    assert changed.age_profiles["adult"].exact[3] == Fraction(1, 2)
    assert changed.societies["town"].people.exact == 5000
    assert changed.sensors["street_camera"].sees["theft"].exact == Fraction(1, 10)
    assert changed.population.party.by_age[1].rate.exact == Fraction(6, 100)
    assert changed.coefficients.deterrence.form.value == "uniform_gain"
    plain = dict(quantities(load()))
    differing = {path for path, quantity in quantities(changed) if quantity != plain[path]}
    assert differing == {
        "coefficients.learning.peer_weight",
        "behaviours.jaywalking.rate.male",
        "age_profiles.adult",
        "societies.town.people",
        "sensors.street_camera.sees.theft",
        "population.party.by_age.1.rate",
    }


def test_what_a_user_sets_is_assumed():
    income = load({"societies.town.income_mean": 40000}).societies["town"].income_mean
    assert (income.status, income.source) == ("assumed", None)
    assert income.reason == "set for this run; the default is 32189"
    assert load().societies["town"].income_mean.status == "reported"


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("coefficients.learning.peer_wait", "coefficients.learning.peer_weight"),
        ("behaviors.jaywalking.rate.male", "behaviours.jaywalking.rate.male"),
        ("behaviours.jaywalking.rate", "behaviours.jaywalking.rate.male"),
        ("behaviours.jaywalking.rate.male.value", "behaviours.jaywalking.rate.male"),
        ("behaviours.theft.title", None),
        ("age_profiles.adult", "age_profiles.adult.7"),
        ("age_profiles.adult.8", "age_profiles.adult.7"),
        ("age_profiles.adult.-1", None),
        ("societies.town", None),
        ("population.party.by_age.99.rate", None),
        ("age_profiles.adult." + "9" * 5000, None),
        ("age_profiles.adult.٣", None),
        ("", None),
        ("....", None),
        ("version", None),
        ("coefficients.version", None),
    ],
)
def test_unknown_paths(path: str, near: str | None):
    with pytest.raises(InputError, match="no parameter has the path") as caught:
        load({path: 1})
    if near:
        assert caught.value.nearest == near
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("value", [2, -0.1, "0.3", "1e9"])
def test_values_out_of_range(value: str | float):
    with pytest.raises(InputError, match=r"coefficients.learning.peer_weight: .* outside the declared range.*0 to 0.2"):
        load({"coefficients.learning.peer_weight": value})


@pytest.mark.parametrize("value", ["", "x", "nan", "inf", "1/2", "0x1", "1_0", True, "١", "1e", "9" * 5000])
def test_values_that_are_no_numbers(value: str | float):
    with pytest.raises(InputError, match="is not a number"):
        load({"coefficients.learning.story_share": value})


def test_an_unknown_form():
    with pytest.raises(InputError, match=r"unknown form 'exponentiel'.*did you mean 'exponential'"):
        load({"coefficients.deterrence.form": "exponentiel"})


def test_overrides_must_fit_together():
    with pytest.raises(InputError, match=r"behaviours.theft.weight: 1.5 is not whole"):
        load({"behaviours.theft.weight": 1.5})
    with pytest.raises(InputError, match=r"household_size: the shares sum to"):
        load({"population.household_size.0": 0.3})
    both = load({"population.household_size.0": 0.25, "population.household_size.1": 0.289})
    assert both.population.household_size.exact[0] == Fraction(1, 4)


def quantity(value: object, low: float = -1000, high: float = 1000) -> dict[str, Any]:
    key = "values" if isinstance(value, list) else "value"
    return {key: value, "unit": "u", "status": "assumed", "reason": "a test", "range": [low, high]}


def theft() -> object:
    return documents()["behaviours"].data["behaviours"]["theft"]


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("behaviours", {"version": 2}, "version"),
        ("behaviours", {"behaviours.theft.age": "yung"}, "unknown age profile 'yung'"),
        ("behaviours", {"behaviours.theft.domain": "judicary"}, "did you mean 'judiciary'?"),
        ("behaviours", {"behaviours.theft.requires": "minority"}, "unknown requires 'minority'"),
        ("behaviours", {"behaviours.theft.trate": "x"}, "did you mean 'rate'?"),
        ("behaviours", {"behaviours.theft.harm": ...}, "'harm' is missing"),
        ("behaviours", {"behaviours.theft.benefit": quantity(1)}, "bad conduct with `benefit`"),
        ("behaviours", {"behaviours.donating.protected": "ICCPR 22"}, "protected"),
        ("behaviours", {"behaviours.theft.rate.male": quantity(-1)}, "-1 will not do"),
        ("behaviours", {"behaviours.theft.rate.minority": quantity(1)}, "unknown key 'minority'"),
        ("behaviours", {"behaviours.theft.rate": ...}, "'rate' is missing; expected `rate`, or `decided_by: court`"),
        ("behaviours", {"behaviours.theft.age": ...}, "'age' is missing"),
        ("behaviours", {"behaviours.theft.weight": ...}, "'weight' is missing"),
        ("behaviours", {"behaviours.theft.decided_by": "court"}, "decided by a court, and with `age`"),
        ("behaviours", {"behaviours.ignoring_judgment.peers": quantity(1)}, "decided by a court, and with `peers`"),
        ("behaviours", {"behaviours.ignoring_judgment.suit": quantity(1)}, "decided by a court, and with `suit`"),
        ("behaviours", {"behaviours.ignoring_judgment.decided_by": "police"}, "unknown decided_by 'police'"),
        ("behaviours", {"behaviours.ignoring_judgment": theft()}, "no 'ignoring_judgment' that a court decides"),
        ("behaviours", {"behaviours.theft.suit": quantity(1.5)}, "theft.suit: 1.5 is not a share"),
        ("behaviours", {"behaviours.donating.suit": quantity(0.1)}, "good conduct with `suit`"),
        ("behaviours", {f"behaviours.{name}.suit": ... for name in SUED}, "nothing that anybody is sued over"),
        ("sensors", {"sensors.court.ordinary": False}, "no 'court' under ordinary law"),
        ("behaviours", {"behaviours.theft.weight": quantity(0)}, "at least 1"),
        ("behaviours", {"behaviours.late_loan_payment.door.service": "consumer_lone"}, "did you mean 'consumer_loan'?"),
        ("behaviours", {"behaviours.late_loan_payment.door.share": quantity(2)}, "not a share"),
        ("behaviours", {"age_profiles.adult": quantity([1] * 7)}, "7 values; expected 8 values"),
        ("behaviours", {"age_profiles.adult": quantity([-1] * 8)}, "-1 will not do"),
        ("services", {"services.flight.age": "adul"}, "did you mean 'adult'?"),
        ("services", {"services.flight.refused_income": quantity(1.5)}, "not a share"),
        ("services", {"services.flight.worth": quantity(-1)}, "-1 will not do"),
        ("sensors", {"sensors.bank.sees.theftt": quantity(0.1)}, "did you mean 'theft'?"),
        ("sensors", {"sensors.bank.sees": {}}, "sees nothing"),
        ("sensors", {"sensors.utility.sees": {"fraud": quantity(0.1)}}, "behaviours.late_utility_bill: no sensor"),
        ("sensors", {"sensors.bank.kind": "drone"}, "unknown kind 'drone'"),
        ("sensors", {"sensors.street_camera.bias.group": "party"}, "unknown group 'party'"),
        ("sensors", {"sensors.street_camera.bias.factor": quantity(0.5)}, "at least 1"),
        ("sensors", {"sensors.bank.delay.shortest": quantity(31)}, "longer than the longest"),
        ("sensors", {"sensors.bank.delay.longest": quantity(31.5)}, "not whole"),
        ("sensors", {"sensors.bank.coverage.urban": quantity(1.01)}, "not a share"),
        ("coefficients", {"learning.experience_most": quantity(256)}, "at most 255"),
        ("coefficients", {"deterrence.largest_gain": quantity(0)}, "above 0"),
        ("coefficients", {"reward.foresight": quantity(0)}, "at least 1"),
        ("coefficients", {"reward.foresight": quantity(1.5)}, "not whole"),
        ("coefficients", {"reward.effort": quantity(-0.01)}, "at least 0"),
        ("coefficients", {"deterrence.threshold": quantity(1.2)}, "not a share"),
        ("coefficients", {"peers.peers_most": quantity(0.9)}, "at least 1"),
        ("coefficients", {"life.opinion.base": ...}, "'base' is missing"),
        ("coefficients", {"courts": ...}, "'courts' is missing"),
        ("coefficients", {"courts.deadline": quantity(0)}, "at least 1"),
        ("coefficients", {"courts.review": quantity(1.5)}, "not whole"),
        ("coefficients", {"courts.suit_shortest": quantity(300)}, "longer than the longest"),
        ("coefficients", {"courts.mismatch": quantity(1.5)}, "not a share"),
        ("coefficients", {"courts.pressure": quantity(-1)}, "at least 0"),
        ("coefficients", {"appeals.appeals_other": quantity(-1)}, "not a share"),
        ("coefficients", {"wrongful.stale_after": quantity(0.5)}, "not whole"),
        ("coefficients", {"wrongful.proportion": quantity(-1)}, "at least 0"),
        ("coefficients", {"deterrence.form.reason": ...}, "without a reason"),
        ("population", {"age_sex.national.male": quantity([1] * 20)}, "20 values"),
        ("population", {"age_sex.national.male": quantity([1.5] * 21)}, "whole"),
        ("population", {"education.urban.70+": ...}, "70+ is missing"),
        ("population", {"education.urban.70+": quantity([0.2, 0.2, 0.2, 0.2])}, "sum to 0.8"),
        ("population", {"flags.driver": ...}, "driver is missing"),
        ("population", {"flags.driver.share": quantity([2] * 8)}, "2 will not do"),
        ("population", {"flags.minority": {}}, "minority"),
        ("population", {"party.by_age.3.to": 30}, "age 30 after age 35"),
        ("population", {"party.by_age.8": ...}, "nobody over 60"),
        ("societies", {"societies.town.province": "shangdong"}, "did you mean 'shandong'?"),
        ("societies", {"societies.town.neighbourhood_size": quantity(1001, 0, 2000)}, "at most 1000"),
        ("societies", {"societies.town.district_neighbourhoods": quantity(65)}, "at most 64"),
        ("societies", {"societies.town.people": quantity(0)}, "at least 1"),
        ("societies", {"societies.town.income_gini": quantity(1)}, "Gini"),
        ("societies", {"societies.village.urban_share": quantity(0.2)}, "too few urban people"),
        ("societies", {"societies.village.province": ...}, "'province' is missing"),
        ("societies", {"societies.village.places": {}}, "`places` and `province`"),
        ("societies", {"societies.national.urban_share": quantity(0.6)}, "`urban_share` and `provinces`"),
        ("societies", {"societies.national.unit_size_shape": ...}, "'unit_size_shape' is missing"),
        ("societies", {"societies.national.unit_urban_spread": quantity(2)}, "not a share"),
        ("societies", {"societies.national.provinces.1": "tianjing"}, "did you mean 'tianjin'?"),
        ("societies", {"societies.national.provinces.1": "beijing"}, "stands twice"),
        ("societies", {"societies.national.places.weihai.province": "shandung"}, "did you mean 'shandong'?"),
        ("societies", {"societies.national.places.weihai.units": [136]}, "numbers from 0 to 135"),
        ("societies", {"societies.national.places.weihai.units": [3, 3]}, "or twice"),
        ("societies", {"societies.national.places.weihai.reason": ...}, "without a reason"),
        ("provinces", {"provinces.tibet.urban_share": quantity(0.3)}, "too few urban people"),
        ("provinces", {"provinces.tibet.units": quantity(0)}, "at least 1"),
        ("provinces", {"provinces.tibet.migrant_share": quantity(1.5)}, "not a share"),
        ("population", {"age_sex.tibet": ...}, "unknown table of age and sex 'tibet'"),
    ],
)
def test_faults_are_told_with_their_place(name: str, change: dict[str, Any], words: str):
    error = broken(name, change)
    assert words in str(error)
    assert error.line is not None
    assert error.file is not None


def test_models_are_frozen():
    parameters = load()
    with pytest.raises(ValidationError):
        parameters.behaviours["theft"].title = "x"
    assert all(isinstance(quantity, Quantity | Quantities) for _, quantity in quantities(parameters))
    assert isinstance(parameters, BaseModel)
