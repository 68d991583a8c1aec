"""The measures, declared as data: what is divided by what, in which unit, and what the result cannot tell.

A measure is a numerator over a denominator, both sums, so that it can be given for a month, for the whole run and for
any group. The functions see counts whose second axis is the group; a *flow* has a row per month, a *stock* per moment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from scorepolis.core.buffers import ASKED, BARRED, GRANTED, REPAIR_WAITED, TOO_POOR
from scorepolis.measures.context import Context, FloatArray
from scorepolis.measures.counts import WAYS, Counts

Figure = Callable[[Counts, Context], FloatArray]


@dataclass(frozen=True)
class Denominator:
    """What a measure is divided by, in words and as a function; `dims` says which dimensions it has after the group."""

    text: str
    figure: Figure
    dims: tuple[str, ...] = ()


@dataclass(frozen=True)
class Measure:
    """A number over time, with its unit, denominator and limits.

    Attributes
    ----------
    name, title, unit, description : str
        `unit` is ``share`` for shares between 0 and 1.
    per : Denominator
        What it is divided by.
    figure : callable
        The numerator, from counts by group and their context.
    cannot_tell : str
        One sentence: what a reader must not conclude from it.
    dims : tuple of str
        Dimensions after time and group.
    stock : bool
        Whether it holds at a moment (month's end) rather than over a month.
    """

    name: str
    title: str
    unit: str
    per: Denominator
    figure: Figure
    description: str
    cannot_tell: str
    dims: tuple[str, ...] = ()
    stock: bool = False


# --- what is divided by -------------------------------------------------------------------------------------------


def _person_years(c: Counts, x: Context) -> FloatArray:
    # The population is closed, and people move between groups only on 1 January, so the month's end holds all month.
    return np.asarray(c.people[1:] * (x.days / 365.0)[:, None])


def _scoped_years(c: Counts, x: Context) -> FloatArray:
    return np.asarray(c.in_scope[1:] * (x.days / 365.0)[:, None, None])


def _behaved(c: Counts, x: Context) -> FloatArray:
    return np.asarray(c.acts[..., : len(x.behaviours)], dtype=np.float64)


def _undone(c: Counts, x: Context) -> FloatArray:
    return np.asarray(c.silenced[..., : len(x.behaviours)], dtype=np.float64)


def _applied(c: Counts, x: Context) -> FloatArray:
    return np.asarray(c.acts[..., len(x.behaviours) :], dtype=np.float64)


def _of_entries(number: int) -> Figure:
    return lambda c, x: c.entries[..., number].astype(np.float64)


def _of_points(number: int) -> Figure:
    return lambda c, x: c.points[..., number].astype(np.float64)


def _of_outcomes(number: int) -> Figure:
    return lambda c, x: c.outcomes[..., number].sum(axis=-1).astype(np.float64)


def _of_marks(number: int) -> Figure:
    return lambda c, x: c.marks[..., number].astype(np.float64)


def _of_records(*truths: int) -> Figure:
    return lambda c, x: c.records[..., list(truths)].sum(axis=(-1, -2)).astype(np.float64)


def _of_appeals(number: int) -> Figure:
    return lambda c, x: c.appeals[..., number].astype(np.float64)


def _of_repairs(*numbers: int) -> Figure:
    return lambda c, x: c.repairs[..., list(numbers)].sum(axis=-1).astype(np.float64)


def _by_way(first: int) -> Figure:
    return lambda c, x: c.repairs[..., first : first + len(WAYS)].astype(np.float64)


def _sum_of(name: str) -> Figure:
    """Give a sum over people as it was counted."""
    return lambda c, x: np.asarray(getattr(c, name), dtype=np.float64)


def _byte(name: str) -> Figure:
    """Give the sum of a state that is kept in a byte, as a share of its full scale."""
    return lambda c, x: np.asarray(getattr(c, name) / 255.0)


PERSON_YEARS: Final = Denominator("person-years", _person_years)
SCOPED_YEARS: Final = Denominator("person-years in scope", _scoped_years, ("instrument",))
SCOPED_CENTURIES: Final = Denominator(
    "100 person-years in scope", lambda c, x: _scoped_years(c, x) / 100.0, ("instrument",)
)
PEOPLE: Final = Denominator("people", lambda c, x: c.people.astype(np.float64))
IN_SCOPE: Final = Denominator("people in scope", lambda c, x: c.in_scope.astype(np.float64), ("instrument",))
RECORDS: Final = Denominator("records scored", _of_records(*range(7)))
SENSOR_RECORDS: Final = Denominator(
    "records of the sensor", lambda c, x: c.records.sum(axis=-1).astype(np.float64), ("sensor",)
)
VISIBLE_ACTS: Final = Denominator(
    "acts of the behaviours the sensor may notice", lambda c, x: _behaved(c, x) @ x.sees, ("sensor",)
)
MILLENNIA: Final = Denominator("1,000 person-years", lambda c, x: _person_years(c, x) / 1000.0)
APPEALS: Final = Denominator("appeals", _of_appeals(0), ("instrument",))
REPAIRS_WISHED: Final = Denominator(
    "repairs wished for, asked for or not", _of_repairs(*range(ASKED, ASKED + len(WAYS)), BARRED), ("instrument",)
)
REPAIRS_GRANTED: Final = Denominator(
    "repairs granted", _of_repairs(*range(GRANTED, GRANTED + len(WAYS))), ("instrument",)
)
MISTAKEN: Final = Denominator(
    "penalties of the wrong person or for what nobody did",
    lambda c, x: c.wrongful[..., 1:3].sum(axis=-1).astype(np.float64),
    ("instrument",),
)
BAD_WISHES: Final = Denominator(
    "bad acts wished, done or not", lambda c, x: (_behaved(c, x) + _undone(c, x)) @ (x.bad * x.weight)
)
PROTECTED_WISHES: Final = Denominator(
    "protected acts wished, done or not", lambda c, x: (_behaved(c, x) + _undone(c, x)) @ (x.protected * x.weight)
)
GOOD_DEEDS: Final = Denominator("good deeds", lambda c, x: _behaved(c, x) @ (x.good * x.weight))
PENALTIES: Final = Denominator("penalties", _of_entries(0), ("instrument",))
REWARDS: Final = Denominator("rewards", _of_entries(1), ("instrument",))
APPLICATIONS: Final = Denominator("applications", lambda c, x: _applied(c, x).sum(axis=-1))
SERVICE_APPLICATIONS: Final = Denominator("applications for the service", _applied, ("service",))

# --- what the measures share in limits ----------------------------------------------------------------------------

_MODEL = "Levels rest on assumed base rates and responses; it says nothing about a real place."
_WEIGHT = "Episodes of frequent habits come in bundles, so single people's counts mean little."
_TRUTH = "Truth is known here only because the people are synthetic; no real operator could compute it."
_SCORED = "Records count on the day they are scored, so acts late in the run may be missing."
_STANDING = "It does not say whether the standing was deserved."
_ATTEMPTS = "It misses those who stopped applying because they expected a refusal."
_EVER = "It counts people once, however often it happened, and only since the start of the run."
_FEELING = "A modelled state between 0 and 1, comparable between worlds and groups, not with any survey."

MEASURES: Final[tuple[Measure, ...]] = (
    # Conduct
    Measure(
        "bad_acts",
        "Bad acts",
        "episodes per person-year",
        PERSON_YEARS,
        lambda c, x: _behaved(c, x) @ (x.bad * x.weight),
        "Episodes of all behaviours that the rulebooks call bad, protected acts among them.",
        "It adds the trivial to the grave; see the harm for their weight.",
    ),
    Measure(
        "harm",
        "Harm done",
        "yuan per person-year",
        PERSON_YEARS,
        lambda c, x: _behaved(c, x) @ (x.bad * x.weight * x.worth),
        "Episodes of bad behaviour times the assumed harm of one to others.",
        "It leaves out the harm that the scheme itself does.",
    ),
    Measure(
        "episodes",
        "Episodes by behaviour",
        "episodes per person-year",
        PERSON_YEARS,
        lambda c, x: _behaved(c, x) * x.weight,
        "Episodes of each behaviour, good and bad.",
        _WEIGHT,
        ("behaviour",),
    ),
    Measure(
        "theft_and_violence",
        "Theft and violence",
        "episodes per person-year",
        PERSON_YEARS,
        lambda c, x: _behaved(c, x) @ (x.named("theft", "violence") * x.weight),
        "Episodes of theft and of violence.",
        _MODEL,
    ),
    Measure(
        "fraud_losses",
        "Fraud losses",
        "yuan per person-year",
        PERSON_YEARS,
        lambda c, x: _behaved(c, x) @ (x.named("fraud") * x.weight * x.worth),
        "Episodes of fraud times the assumed loss from one.",
        _MODEL,
    ),
    Measure(
        "good_deeds",
        "Good deeds",
        "episodes per person-year",
        PERSON_YEARS,
        lambda c, x: _behaved(c, x) @ (x.good * x.weight),
        "Episodes of all behaviours that the rulebooks call good.",
        "It does not tell deeds that help from deeds done to be seen.",
    ),
    Measure(
        "benefit",
        "Benefit of good deeds",
        "yuan per person-year",
        PERSON_YEARS,
        lambda c, x: _behaved(c, x) @ (x.good * x.weight * x.worth),
        "Episodes of good behaviour times the assumed benefit of one to others.",
        _MODEL,
    ),
    Measure(
        "for_points",
        "Good deeds done only for points",
        "share",
        GOOD_DEEDS,
        lambda c, x: np.asarray(c.for_points[..., : len(x.behaviours)] @ (x.good * x.weight)),
        "Good deeds that people would not have done out of their own motive on that day.",
        "It does not show own motive lost to the reward; see own motive.",
    ),
    Measure(
        "deterred",
        "Bad acts left undone for fear of the scheme",
        "share",
        BAD_WISHES,
        lambda c, x: _undone(c, x) @ (x.bad * x.weight),
        "Bad acts wished and not done because of what the scheme would do.",
        "It counts fear alone, not those who changed their wishes or lost the occasion.",
    ),
    Measure(
        "chilled",
        "Protected acts wished but left undone",
        "share",
        PROTECTED_WISHES,
        lambda c, x: _undone(c, x) @ (x.protected * x.weight),
        "Acts protected by human rights, such as petitioning, worship and criticism, wished and not done for fear.",
        "It cannot show wishes that are no longer formed.",
    ),
    Measure(
        "applications",
        "Applications",
        "applications per person-year",
        PERSON_YEARS,
        _applied,
        "Applications for each service.",
        "Wants are the same in every world, so it shows need, not demand under the scheme.",
        ("service",),
    ),
    # Records
    Measure(
        "records",
        "Records",
        "records per person-year",
        PERSON_YEARS,
        _of_records(*range(7)),
        "Records written by all sensors about people of the group.",
        "It says what was written down, not what was done.",
    ),
    Measure(
        "records_not_done",
        "Records of acts that nobody did",
        "share",
        RECORDS,
        _of_records(2),
        "Records of an act that did not happen.",
        _TRUTH,
    ),
    Measure(
        "records_wrong_person",
        "Records of the wrong person",
        "share",
        RECORDS,
        _of_records(1),
        "Records of a true act under the name of somebody else nearby.",
        _TRUTH,
    ),
    Measure(
        "precision",
        "Precision of the sensor",
        "share",
        SENSOR_RECORDS,
        lambda c, x: (c.records[..., 0] + c.records[..., 6]).astype(np.float64),
        "Records that are true and name the right person.",
        "It depends on how often the act happens: the same sensor is less precise about rarer acts.",
        ("sensor",),
    ),
    Measure(
        "recall",
        "Recall of the sensor",
        "share",
        VISIBLE_ACTS,
        lambda c, x: (c.records[..., 0] + c.records[..., 6]).astype(np.float64),
        "Acts of which the sensor wrote a true record; an act that another sensor recorded first counts as missed.",
        _SCORED,
        ("sensor",),
    ),
    # Scores
    Measure(
        "penalties",
        "Penalties",
        "per 100 people in scope and year",
        SCOPED_CENTURIES,
        _of_entries(0),
        "Ledger entries that took points or forced a grade.",
        "It counts entries, not people; see who was ever penalised.",
        ("instrument",),
    ),
    Measure(
        "wrongful_penalties",
        "Wrongful penalties",
        "share",
        PENALTIES,
        _of_entries(2),
        "Penalties that are wrongful in one of six ways; `penalties_by_truth` tells them apart.",
        "What counts as out of proportion or stale rests on thresholds that are assumed.",
        ("instrument",),
    ),
    Measure(
        "penalties_by_truth",
        "Penalties by their truth",
        "share",
        PENALTIES,
        lambda c, x: c.wrongful.astype(np.float64),
        "Penalties that are rightful, and the six kinds that are wrongful: wrong person, not done, unable, no legal "
        "basis or a protected act, out of proportion, stale. Each is counted under the first that applies.",
        "No rate of wrong listing is published anywhere: the shares follow from assumed errors.",
        ("instrument", "truth"),
    ),
    Measure(
        "appeals",
        "Appeals",
        "share",
        PENALTIES,
        _of_appeals(0),
        "Appeals made against penalties.",
        "It misses those who were never told, or gave up.",
        ("instrument",),
    ),
    Measure(
        "appeals_upheld",
        "Appeals upheld",
        "share",
        APPEALS,
        _of_appeals(1),
        "Appeals that end in a correction, of those made.",
        "Not every appeal that is upheld was deserved.",
        ("instrument",),
    ),
    Measure(
        "wrongful_corrected",
        "Mistaken penalties corrected",
        "share",
        MISTAKEN,
        _of_appeals(2),
        "Penalties for what the person had not done that an appeal will correct.",
        "The others stand until they run out.",
        ("instrument",),
    ),
    Measure(
        "repairs_asked",
        "Repairs asked for",
        "per 100 people in scope and year",
        SCOPED_CENTURIES,
        _by_way(ASKED),
        "Applications to end an entry before its time, by the way: a course, a pledge, good deeds.",
        "Who asks again after a refusal counts again.",
        ("instrument", "way"),
    ),
    Measure(
        "repairs_granted",
        "Repairs granted",
        "per 100 people in scope and year",
        SCOPED_CENTURIES,
        _by_way(GRANTED),
        "Applications to end an entry before its time that are granted, by the way.",
        "It does not say whether the entry had been deserved.",
        ("instrument", "way"),
    ),
    Measure(
        "repairs_barred",
        "Repairs wished for to which no way was open",
        "share",
        REPAIRS_WISHED,
        _of_repairs(BARRED),
        "Of those who would have asked for repair, the ones who could not: too poor for a course, too few good deeds, "
        "or something else against them where the scheme asks a clean record.",
        "It misses those who never heard that there is a way back.",
        ("instrument",),
    ),
    Measure(
        "repairs_too_poor",
        "Repairs for which a course was out of reach",
        "share",
        REPAIRS_WISHED,
        _of_repairs(TOO_POOR),
        "Of those who would have asked for repair, the ones who could not pay for a course; some of them had another "
        "way.",
        "Who can pay follows from an assumed share of the poor, not from any account.",
        ("instrument",),
    ),
    Measure(
        "time_to_repair",
        "Time to repair",
        "days",
        REPAIRS_GRANTED,
        _of_repairs(REPAIR_WAITED),
        "Days from an entry to the end that repair puts to it, in the mean of those that are repaired.",
        "The entries that are never repaired are not in it.",
        ("instrument",),
    ),
    Measure(
        "cases",
        "Cases before the court",
        "per 1,000 person-years",
        MILLENNIA,
        lambda c, x: c.courts.astype(np.float64),
        "Judgments and what became of them, step by step: could not pay, performed, deterred, would not, enforced, "
        "performed late, settled, broke an order or a settlement, left the lists in time or late.",
        "Whether a debtor could have paid is known here, and never to a court.",
        ("step",),
    ),
    Measure(
        "rewards",
        "Rewards",
        "per 100 people in scope and year",
        SCOPED_CENTURIES,
        _of_entries(1),
        "Ledger entries that gave points.",
        "It counts entries, not people; see who was ever rewarded.",
        ("instrument",),
    ),
    Measure(
        "wrongful_rewards",
        "Undeserved rewards",
        "share",
        REWARDS,
        _of_entries(3),
        "Rewards for a deed that was not done, or that somebody else did.",
        _TRUTH,
        ("instrument",),
    ),
    Measure(
        "shared_penalties",
        "Penalties for what others did",
        "per 100 people in scope and year",
        SCOPED_CENTURIES,
        lambda c, x: c.shared[..., 0].astype(np.float64),
        "Ledger entries that took points for a record of another member of the household; not among the penalties.",
        "It counts entries, not people, and what was entered for others again when an appeal was upheld it leaves out.",
        ("instrument",),
    ),
    Measure(
        "shared_rewards",
        "Rewards for what others did",
        "per 100 people in scope and year",
        SCOPED_CENTURIES,
        lambda c, x: c.shared[..., 1].astype(np.float64),
        "Ledger entries that gave points for a record of another member of the household; not among the rewards.",
        "It counts entries, not people.",
        ("instrument",),
    ),
    Measure(
        "points_lost",
        "Points lost",
        "points per person in scope and year",
        SCOPED_YEARS,
        _of_points(0),
        "Points taken by records, before they expire.",
        "Points of two instruments cannot be compared.",
        ("instrument",),
    ),
    Measure(
        "points_gained",
        "Points gained",
        "points per person in scope and year",
        SCOPED_YEARS,
        _of_points(1),
        "Points given by records, before they expire.",
        "Points of two instruments cannot be compared.",
        ("instrument",),
    ),
    Measure(
        "grade_share",
        "People by grade",
        "share",
        IN_SCOPE,
        lambda c, x: c.grades.astype(np.float64),
        "People whose standing is the grade, from the lowest to the highest.",
        _STANDING,
        ("instrument", "grade"),
        True,
    ),
    Measure(
        "score",
        "Mean score",
        "points",
        IN_SCOPE,
        _sum_of("score"),
        "Mean score of people in scope.",
        "A mean hides the few with very low scores; see the grades.",
        ("instrument",),
        True,
    ),
    Measure(
        "aware",
        "People who know they are scored",
        "share",
        IN_SCOPE,
        _sum_of("aware"),
        "People in scope who know of the instrument.",
        "Knowing of it is not knowing its rules.",
        ("instrument",),
        True,
    ),
    # Doors
    Measure(
        "services_received",
        "Services received",
        "yuan per person-year",
        PERSON_YEARS,
        lambda c, x: (c.acts[..., len(x.behaviours) :] - c.outcomes[..., 0]) @ x.grants,
        "What the services granted were worth to those who asked for them.",
        "It leaves out waiting and price, and those who never asked.",
    ),
    Measure(
        "refused",
        "Applications refused",
        "share",
        APPLICATIONS,
        _of_outcomes(0),
        "Applications for any service refused because of the applicant's standing.",
        _ATTEMPTS,
    ),
    Measure(
        "refused_by_service",
        "Applications refused, by service",
        "share",
        SERVICE_APPLICATIONS,
        lambda c, x: c.outcomes[..., 0].astype(np.float64),
        "Applications for the service refused because of the applicant's standing.",
        _ATTEMPTS,
        ("service",),
    ),
    Measure(
        "delayed",
        "Applications delayed",
        "share",
        APPLICATIONS,
        _of_outcomes(1),
        "Applications granted later because of the applicant's standing.",
        "It does not say for how long.",
    ),
    Measure(
        "dearer",
        "Applications made dearer",
        "share",
        APPLICATIONS,
        _of_outcomes(2),
        "Applications granted at a surcharge.",
        "It does not say by how much.",
    ),
    Measure(
        "cheaper",
        "Applications made cheaper",
        "share",
        APPLICATIONS,
        _of_outcomes(3),
        "Applications granted at a discount.",
        "It does not say who paid for the discount.",
    ),
    Measure(
        "first_in_line",
        "Applications served first",
        "share",
        APPLICATIONS,
        _of_outcomes(4),
        "Applications served before others because of the applicant's standing.",
        "The wait of those who were passed over is not counted.",
    ),
    Measure(
        "shut_out",
        "Days shut out",
        "days per person in scope and year",
        SCOPED_YEARS,
        lambda c, x: c.shut_out.astype(np.float64),
        "Person-days on which the standing denied at least one service.",
        "A closed door counts whether or not the person wished to pass.",
        ("instrument",),
    ),
    Measure(
        "ever_refused",
        "People ever refused",
        "share",
        IN_SCOPE,
        _of_marks(0),
        "People in scope who were refused a service at least once.",
        _EVER,
        ("instrument",),
        True,
    ),
    Measure(
        "ever_penalised",
        "People ever penalised",
        "share",
        IN_SCOPE,
        _of_marks(1),
        "People in scope who lost points or were forced to a grade at least once.",
        _EVER,
        ("instrument",),
        True,
    ),
    Measure(
        "ever_shown",
        "People ever shamed in public",
        "share",
        IN_SCOPE,
        _of_marks(2),
        "People in scope who were shamed in public, on whatever channel, at least once.",
        _EVER,
        ("instrument",),
        True,
    ),
    Measure(
        "ever_rewarded",
        "People ever rewarded",
        "share",
        IN_SCOPE,
        _of_marks(3),
        "People in scope who gained points at least once.",
        _EVER,
        ("instrument",),
        True,
    ),
    # Publicity
    Measure(
        "on_channel",
        "People shown in public, by channel",
        "share",
        PEOPLE,
        _sum_of("on_channel"),
        "People who stand on the channel, shamed or praised, under any instrument.",
        _STANDING,
        ("channel",),
        True,
    ),
    Measure(
        "audience",
        "Audience, by channel",
        "times per person-year",
        PERSON_YEARS,
        _sum_of("audience"),
        "Months in which a person sees or hears somebody on the channel where they live; of ringtones, every contact "
        "that hears one.",
        "It says whom a channel reaches, not who pays attention.",
        ("channel",),
    ),
    Measure(
        "ties_lost",
        "Ties lost",
        "per 1,000 person-years",
        MILLENNIA,
        _sum_of("ties_lost"),
        "Ties beyond the household that ended because the person was shamed in public.",
        "Each is counted once, with the one who was shamed, though two people lose it; no new ties form.",
    ),
    Measure(
        "ties",
        "Ties beyond the household",
        "ties per person",
        PEOPLE,
        _sum_of("ties"),
        "Neighbours, friends and workmates whom a person has, on average.",
        "The model knows eight at most, and none that ends for another reason than shame.",
        (),
        True,
    ),
    # How people live
    Measure(
        "believed_risk",
        "Believed risk of being caught",
        "share",
        PEOPLE,
        _byte("belief"),
        "Mean risk of being caught that people believe in, by domain.",
        _FEELING,
        ("domain",),
        True,
    ),
    Measure(
        "income",
        "Income",
        "yuan per head and year",
        PEOPLE,
        _sum_of("income"),
        "Mean income per head, after what refusals cost.",
        "It holds no effect of the scheme on firms, prices or growth.",
        (),
        True,
    ),
    Measure(
        "hardship",
        "Hardship",
        "share of full scale",
        PEOPLE,
        _byte("hardship"),
        "Mean hardship, from poverty, refusals, delays and surcharges.",
        _FEELING,
        (),
        True,
    ),
    Measure(
        "trust",
        "Trust in others",
        "share of full scale",
        PEOPLE,
        _byte("trust"),
        "Mean trust in other people.",
        _FEELING,
        (),
        True,
    ),
    Measure(
        "opinion",
        "Private approval",
        "share of full scale",
        PEOPLE,
        _byte("opinion"),
        "Mean private approval of the authorities and of being scored, which the model does not tell apart; one half "
        "divides support from rejection.",
        _FEELING,
        (),
        True,
    ),
    Measure(
        "motive",
        "Own motive for good deeds",
        "of the usual motive",
        PEOPLE,
        lambda c, x: c.motive / 128.0,
        "Mean own motive, 1 being that of a world without rewards.",
        _FEELING,
        (),
        True,
    ),
    Measure(
        "private_support",
        "Private support",
        "share",
        PEOPLE,
        _sum_of("private_support"),
        "People who privately approve of the authorities and of being scored.",
        "No survey in a scored society could measure it.",
        (),
        True,
    ),
    Measure(
        "public_support",
        "Public support",
        "share",
        PEOPLE,
        _sum_of("public_support"),
        "People who show support, from conviction or for fear of being recorded.",
        "Shown support is not consent.",
        (),
        True,
    ),
    Measure(
        "support_gap",
        "Support shown but not felt",
        "share",
        PEOPLE,
        lambda c, x: (c.public_support - c.private_support).astype(np.float64),
        "Public support less private support.",
        "It shows how far the two part, not what would follow if they met.",
        (),
        True,
    ),
)

BY_NAME: Final = {measure.name: measure for measure in MEASURES}
