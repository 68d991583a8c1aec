"""What must hold between the parameters, beyond the form of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scorepolis.core.errors import InputError, nearest
from scorepolis.core.yamlfile import Keys
from scorepolis.parameters.body_checks import body_faults
from scorepolis.parameters.checking import Fault, known, one, several, share, shares
from scorepolis.parameters.firm_checks import firm_faults
from scorepolis.parameters.model import (
    ADULT_BANDS,
    BANDS,
    COURT,
    FLAGS,
    FOUND,
    OWN_PROVINCE,
    Behaviour,
    Parameters,
    Population,
    Province,
    Sensor,
    Service,
    Society,
)

AGE_SEX_BANDS = 21
HOUSEHOLD_SIZES = 6
LEVELS_OF_EDUCATION = 4
OLDEST = 100
LARGEST_NEIGHBOURHOOD = 1000
LARGEST_DISTRICT = 64
MOST_PEOPLE = 2_000_000_000
MOST_UNITS = 10_000


def faults(parameters: Parameters) -> Iterator[Fault]:
    """Find what does not hold.

    Parameters
    ----------
    parameters : Parameters
        Parameters whose entries are each of the right form.

    Yields
    ------
    Fault
        One fault after the other, in the order of the files.
    """
    for name, profile in parameters.age_profiles.items():
        yield from several(("age_profiles", name), profile, len(BANDS), low=0)
    for name, behaviour in parameters.behaviours.items():
        yield from _behaviour(("behaviours", name), behaviour, parameters)
    for name, service in parameters.services.items():
        yield from _service(("services", name), service, parameters)
    for name, sensor in parameters.sensors.items():
        yield from _sensor(("sensors", name), sensor, parameters)
    seen = {behaviour for sensor in parameters.sensors.values() for behaviour in sensor.sees}
    for name in parameters.behaviours:
        if name not in seen:
            yield Fault(("behaviours", name), "no sensor sees it", "a sensor whose `sees` names it")
    yield from _court(parameters)
    yield from _coefficients(parameters)
    yield from _population(parameters.population)
    for name, province in parameters.provinces.items():
        yield from _province(("provinces", name), province, parameters.population)
        yield from known(("provinces", name), name, parameters.population.age_sex, "table of age and sex")
    for name, society in parameters.societies.items():
        yield from _society(("societies", name), society, parameters)
    yield from firm_faults(parameters.firms)
    yield from body_faults(parameters.bodies, parameters.sensors)


# What a behaviour is made of that people do of their own accord, and must have (the first three) or may have.
HABIT = ("age", "rate", "weight", "urban", "hardship", "peers", "door", "suit")


def _behaviour(path: Keys, behaviour: Behaviour, parameters: Parameters) -> Iterator[Fault]:
    given = behaviour.model_fields_set
    for name in ("slope", *HABIT[:3]) if behaviour.decided_by is None else ():
        if name not in given:
            yield Fault(path, f"'{name}' is missing", f"`{name}`, or `decided_by: court`")
    for name in HABIT if behaviour.decided_by is not None else ():
        if name in given:
            yield Fault((*path, name), f"decided by a court, and with `{name}`", "one of the two")
    yield from known((*path, "age"), behaviour.age, parameters.age_profiles, "age profile")
    yield from one((*path, "rate", "male"), behaviour.rate.male, low=0)
    yield from one((*path, "rate", "female"), behaviour.rate.female, low=0)
    yield from one((*path, "weight"), behaviour.weight, low=1, whole=True)
    yield from one((*path, "urban"), behaviour.urban, low=0)
    yield from one((*path, "hardship"), behaviour.hardship, low=0)
    yield from one((*path, "peers"), behaviour.peers, low=0)
    if behaviour.door is not None:
        yield from known((*path, "door", "service"), behaviour.door.service, parameters.services, "service")
        yield from share((*path, "door", "share"), behaviour.door.share)
    right, wrong = ("harm", "benefit") if behaviour.conduct == "bad" else ("benefit", "harm")
    if getattr(behaviour, right) is None:
        yield Fault(path, f"'{right}' is missing", f"`{right}` for {behaviour.conduct} conduct")
    if getattr(behaviour, wrong) is not None:
        yield Fault((*path, wrong), f"{behaviour.conduct} conduct with `{wrong}`", f"`{right}`")
    yield from one((*path, right), getattr(behaviour, right), low=0)
    if behaviour.suit is not None:
        yield from share((*path, "suit"), behaviour.suit)
    if behaviour.conduct == "good":
        for name in ("suit", "decided_by"):
            if getattr(behaviour, name) is not None:
                yield Fault((*path, name), f"good conduct with `{name}`", "`conduct: bad`")
    if behaviour.protected is not None and behaviour.conduct == "good":
        yield Fault((*path, "protected"), "a good deed marked as protected", "`conduct: bad`, as the scheme sees it")


def _service(path: Keys, service: Service, parameters: Parameters) -> Iterator[Fault]:
    yield from known((*path, "age"), service.age, parameters.age_profiles, "age profile")
    for name in ("wants", "urban", "worth", "price"):
        yield from one((*path, name), getattr(service, name), low=0)
    yield from share((*path, "refused_income"), service.refused_income)
    yield from share((*path, "refused_hardship"), service.refused_hardship)


def _sensor(path: Keys, sensor: Sensor, parameters: Parameters) -> Iterator[Fault]:
    yield from share((*path, "coverage", "urban"), sensor.coverage.urban)
    yield from share((*path, "coverage", "rural"), sensor.coverage.rural)
    if not sensor.sees:
        yield Fault((*path, "sees"), "the sensor sees nothing", "at least one behaviour")
    for name, sensitivity in sensor.sees.items():
        yield from known((*path, "sees", name), name, parameters.behaviours, "behaviour")
        yield from share((*path, "sees", name), sensitivity)
    sees_bad = any(b in parameters.behaviours and parameters.behaviours[b].conduct == "bad" for b in sensor.sees)
    if sensor.false_positive is not None:
        yield from share((*path, "false_positive"), sensor.false_positive)
        if not sees_bad:
            yield Fault((*path, "false_positive"), "the sensor sees no bad conduct to accuse of", "no such key here")
    yield from share((*path, "wrong_person"), sensor.wrong_person)
    if sensor.bias is not None:
        yield from one((*path, "bias", "factor"), sensor.bias.factor, low=1)
    shortest, longest = sensor.delay.shortest, sensor.delay.longest
    yield from one((*path, "delay", "shortest"), shortest, low=0, whole=True)
    yield from one((*path, "delay", "longest"), longest, low=0, whole=True)
    if shortest.exact > longest.exact:
        yield Fault((*path, "delay"), "the shortest delay is longer than the longest", "shortest <= longest")


def _court(parameters: Parameters) -> Iterator[Fault]:
    """Check that the court finds the names that it writes, and somebody to judge."""
    for name in FOUND:
        if name not in parameters.behaviours or parameters.behaviours[name].decided_by is None:
            yield Fault(("behaviours",), f"no '{name}' that a court decides", "`decided_by: court`")
    if all(behaviour.suit is None for behaviour in parameters.behaviours.values()):
        yield Fault(("behaviours",), "nothing that anybody is sued over", "a behaviour with `suit`")
    if COURT not in parameters.sensors or not parameters.sensors[COURT].ordinary:
        yield Fault(("sensors",), f"no '{COURT}' under ordinary law", "`ordinary: true`")


# Coefficients that are shares, by group; the others are bounded by their declared ranges and by the rows below.
SHARES: Mapping[str, tuple[str, ...]] = {
    "deterrence": ("threshold",),
    "reward": ("crowding_speed",),
    "learning": ("peer_weight", "far_weight", "story_share"),
    "awareness": ("awareness", "partly_known", "notice_read", "household_tells", "news_reach"),
    "publicity": (
        *("publicity_reach", "billboard_weight", "app_weight", "broadcast_weight", "ringtone_weight"),
        *("praise_opinion", "shunning", "shunned_distrust"),
    ),
    "services": ("delay_cost", "delay_hardship", "priority_worth"),
    "life": (
        *("income_return", "hardship_return", "trust_return", "opinion_return", "motive_return"),
        *("trust_urban", "trust_rural", "opinion_loss", "opinion_gain", "report_distrust", "shown_distrust"),
        "conformity",
    ),
    "courts": (
        *("mismatch", "evasion", "unable_at_full_hardship", "applies", "mistaken_able", "mistaken_unable"),
        *("performs", "breaks_order", "settles", "late_removal"),
    ),
    "appeals": ("appeals_wronged", "appeals_other"),
}


def _coefficients(parameters: Parameters) -> Iterator[Fault]:
    coefficients = parameters.coefficients
    for group, names in SHARES.items():
        for name in names:
            yield from share(("coefficients", group, name), getattr(getattr(coefficients, group), name))
    deterrence, learning = coefficients.deterrence, coefficients.learning
    for name in ("certainty", "severity"):
        yield from one(("coefficients", "deterrence", name), getattr(deterrence, name), low=0)
    for name in ("full_certainty_loss", "largest_gain", "discount_rate"):
        yield from one(("coefficients", "deterrence", name), getattr(deterrence, name), low=0, above=True)
    for name in ("reward_most", "reward_pull", "effort"):
        yield from one(("coefficients", "reward", name), getattr(coefficients.reward, name), low=0)
    yield from one(("coefficients", "reward", "foresight"), coefficients.reward.foresight, low=1, whole=True)
    rewarded = {b.domain for b in parameters.behaviours.values() if b.conduct == "good"}
    for domain, out in coefficients.reward.crowding_out.items():
        yield from share(("coefficients", "reward", "crowding_out", domain), out)
        if domain not in rewarded:
            here: Keys = ("coefficients", "reward", "crowding_out", domain)
            yield Fault(here, f"there is no good deed in the domain {domain}", "a domain with good deeds")
    yield from one(("coefficients", "peers", "peers_least"), coefficients.peers.peers_least, low=0, high=1)
    yield from one(("coefficients", "peers", "peers_most"), coefficients.peers.peers_most, low=1)
    yield from one(("coefficients", "learning", "prior_weight"), learning.prior_weight, low=0)
    # Experience is kept in one byte.
    yield from one(("coefficients", "learning", "experience_most"), learning.experience_most, 0, 255, whole=True)
    yield from one(("coefficients", "life", "poverty_line"), coefficients.life.poverty_line, low=1, whole=True)
    yield from one(("coefficients", "past", "past_horizon"), coefficients.past.past_horizon, low=1, whole=True)
    courts, wrongful = coefficients.courts, coefficients.wrongful
    for term in ("suit_shortest", "suit_longest", "deadline", "grace", "review", "removal", "late_days"):
        yield from one(("coefficients", "courts", term), getattr(courts, term), low=1, whole=True)
    if courts.suit_shortest.exact > courts.suit_longest.exact:
        here = ("coefficients", "courts", "suit_shortest")
        yield Fault(here, "the shortest suit is longer than the longest", "suit_shortest <= suit_longest")
    yield from one(("coefficients", "courts", "pressure"), courts.pressure, low=0)
    yield from one(("coefficients", "wrongful", "stale_after"), wrongful.stale_after, low=0, whole=True)
    yield from one(("coefficients", "wrongful", "proportion"), wrongful.proportion, low=0)


def _population(population: Population) -> Iterator[Fault]:
    for province, people in population.age_sex.items():
        for sex, counts in people:
            here: Keys = ("population", "age_sex", province, sex)
            yield from several(here, counts, AGE_SEX_BANDS, low=0)
            if any(count.denominator != 1 for count in counts.exact):
                yield Fault(here, "people are counted in whole numbers", "whole numbers")
    yield from shares(("population", "household_size"), population.household_size, HOUSEHOLD_SIZES)
    for place, table in population.education:
        here = ("population", "education", place)
        for band in BANDS:
            if band in table and band not in ADULT_BANDS:
                yield Fault((*here, band), f"the band {band} is of children", "bands from " + ADULT_BANDS[0])
            elif band in table:
                yield from shares((*here, band), table[band], LEVELS_OF_EDUCATION)
            elif band in ADULT_BANDS:
                yield Fault(here, f"the band {band} is missing", "a row for each of " + ", ".join(ADULT_BANDS))
    for name in ("education_homogamy", "income_education", "income_urban"):
        yield from share(("population", name), getattr(population, name))
    for name in ("foreign", "permit"):
        yield from share(("population", "registration", name), getattr(population.registration, name))
    for name in FLAGS:
        if name not in population.flags:
            yield Fault(("population", "flags"), f"the flag {name} is missing", "all of " + ", ".join(FLAGS))
    for flag_name, flag in population.flags.items():
        here = ("population", "flags", flag_name)
        yield from several((*here, "share"), flag.share, len(BANDS), low=0, high=1)
        for factor in ("male", "female", "urban", "rural"):
            yield from one((*here, factor), getattr(flag, factor), low=0)
    yield from _party(population)


def _party(population: Population) -> Iterator[Fault]:
    last = -1
    for place, entry in enumerate(population.party.by_age):
        path = ("population", "party", "by_age", place)
        yield from share((*path, "rate"), entry.rate)
        if entry.to <= last:
            yield Fault((*path, "to"), f"age {entry.to} after age {last}", "ages in rising order")
        last = entry.to
    if last < OLDEST:
        yield Fault(
            ("population", "party", "by_age"), f"nobody over {last} has a rate", f"a last age of {OLDEST} or more"
        )
    for factor in ("male", "female", "college", "other", "minority", "majority"):
        yield from one(("population", "party", factor), getattr(population.party, factor), low=0)


def _province(path: Keys, province: Province, population: Population) -> Iterator[Fault]:
    """Check what the people of a province are like; a society in one province says it itself."""
    yield from one((*path, "units"), province.units, 1, MOST_UNITS, whole=True)
    for name in ("urban_share", "minority_share", "migrant_share"):
        yield from share((*path, name), getattr(province, name))
    yield from one((*path, "income_mean"), province.income_mean, low=1)
    urban, tilt = province.urban_share.exact, population.income_urban.exact
    # Urban households keep the better of two draws with probability k (1 - u) / u.
    if 0 < urban < 1 and tilt * (1 - urban) > urban:
        yield Fault(
            (*path, "urban_share"),
            f"too few urban people for population.income_urban = {population.income_urban.value}",
            f"an urban share of at least {float(tilt / (1 + tilt)):.3f}, or a smaller tilt",
        )


# What a society must have that lies in one province, and in several.
ONE = ("province", *OWN_PROVINCE)
SEVERAL = ("provinces", "unit_size_shape", "unit_urban_spread")


def _society(path: Keys, society: Society, parameters: Parameters) -> Iterator[Fault]:
    population = parameters.population
    yield from one((*path, "people"), society.people, 1, MOST_PEOPLE, whole=True)
    size, district = society.neighbourhood_size, society.district_neighbourhoods
    yield from one((*path, "neighbourhood_size"), size, 1, LARGEST_NEIGHBOURHOOD, whole=True)
    yield from one((*path, "district_neighbourhoods"), district, 1, LARGEST_DISTRICT, whole=True)
    gini = society.income_gini
    if not 0 < gini.exact < 1:
        yield Fault((*path, "income_gini"), f"{gini.value} is no Gini coefficient", "a number between 0 and 1")
    divided = "provinces" in society.model_fields_set
    needed, refused = (SEVERAL, ONE) if divided else (ONE, (*SEVERAL, "places"))
    missing = [name for name in needed if getattr(society, name) in (None, ())]
    for name in missing:
        yield Fault(
            path,
            f"'{name}' is missing",
            f"`{name}`, in a society of {'several provinces' if divided else 'one province'}",
        )
    for name in refused:
        if name in society.model_fields_set:
            yield Fault((*path, name), f"`{name}` and `{needed[0]}`", "one of the two")
    if missing:
        return
    if divided:
        yield from _provinces(path, society, parameters)
    else:
        yield from known((*path, "province"), society.province or "", population.age_sex, "province")
        for province in parameters.provinces_of(society).values():
            yield from _province(path, province, population)


def _provinces(path: Keys, society: Society, parameters: Parameters) -> Iterator[Fault]:
    """Check a society of several provinces, and the places that it names."""
    yield from one((*path, "unit_size_shape"), society.unit_size_shape, low=0)
    if society.unit_urban_spread is not None:
        yield from share((*path, "unit_urban_spread"), society.unit_urban_spread)
    for place, name in enumerate(society.provinces):
        yield from known((*path, "provinces", place), name, parameters.provinces, "province")
        if name in society.provinces[:place]:
            yield Fault((*path, "provinces", place), f"'{name}' stands twice", "each province once")
    for name, area in society.places.items():
        here: Keys = (*path, "places", name)
        if name in society.provinces:
            yield Fault(here, f"a place has the name of the province '{name}'", "another name")
        yield from known((*here, "province"), area.province, society.provinces, "province")
        units = parameters.provinces[area.province].units.exact if area.province in parameters.provinces else 0
        for place, unit in enumerate(area.units):
            if not 0 <= unit < units or unit in area.units[:place]:
                yield Fault((*here, "units", place), f"no unit {unit}, or twice", f"numbers from 0 to {units - 1}")


def check_place(name: str, society: Society) -> None:
    """Make sure that a society has a place of this name.

    Raises
    ------
    InputError
        With the name most like it.
    """
    if name not in society.where:
        raise InputError(
            f"the society has no place '{name}'",
            expected=f"one of {', '.join(society.where)}" if society.where else "no `where`: it is not divided",
            nearest=nearest(name, society.where),
        )
