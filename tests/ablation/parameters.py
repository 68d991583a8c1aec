"""Each parameter, the world in which it acts, and the measure that shows it."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Any, NamedTuple


class Row(NamedTuple):
    """Parameters that act alike.

    Attributes
    ----------
    path : str
        Pattern of dotted paths.
    fixture, measure : str
        Where the effect shows, and in what.
    at : mapping
        The group, behaviour, service, sensor or domain to look at; `{1}` stands for the second part of the path.
    to : str, optional
        The `lowest` or the `highest` of the declared range, or the list `reversed`. By default a number goes to the end
        of its range that is farther from it, and all numbers of a list to the lowest.
    sign : int
        1 if the measure must move with the parameter, -1 if against it. Given where the parameter widens the room for
        acts: there the draws of all acts fall otherwise, so that a mere change would say nothing.
    """

    path: str
    fixture: str
    measure: str
    at: Mapping[str, str] = MappingProxyType({})
    to: str = ""
    sign: int = 0

    def here(self, path: str) -> dict[str, str]:
        """Where to look for the effect of one parameter."""
        return {dim: value.format(*path.split(".")) for dim, value in self.at.items()}


def act(behaviour: str, **at: str) -> dict[str, Any]:
    return {"measure": "episodes", "at": {"behaviour": behaviour, **at}}


def want(service: str, **at: str) -> dict[str, Any]:
    return {"measure": "applications", "at": {"service": service, **at}}


def sensor(measure: str, **at: str) -> dict[str, Any]:
    return {"measure": measure, "at": {"sensor": "{1}", **at}}


def step(name: str) -> dict[str, Any]:
    return {"measure": "cases", "at": {"step": name}}


def truth(kind: str) -> dict[str, Any]:
    return {"measure": "penalties_by_truth", "at": {"truth": kind}}


def of(group: str) -> dict[str, str]:
    return {"group": group}


D, R, A = "coefficients.deterrence.", "coefficients.reward.", "coefficients.awareness."
L, S, F, O = "coefficients.learning.", "coefficients.services.", "coefficients.life.", "coefficients.life.opinion."
C, X = "coefficients.courts.", "coefficients.publicity."
P, T = "population.", "population.party."

PARAMETERS = (
    # Who does what, and how often
    Row("age_profiles.walker", "busy", **act("jaywalking"), sign=1),
    Row("age_profiles.adult", "busy", **act("traffic_offence"), sign=1),
    Row("age_profiles.young", "busy", **act("theft"), sign=1),
    Row("age_profiles.gamer", "busy", **act("heavy_gaming"), sign=1),
    Row("age_profiles.worker", "busy", **act("contract_breach"), sign=1),
    Row("age_profiles.householder", "busy", **act("late_utility_bill"), sign=1),
    Row("age_profiles.giver", "busy", **act("volunteering"), sign=1),
    Row("age_profiles.blood_donor", "busy", **act("giving_blood"), sign=1),
    Row("age_profiles.elder", "busy", **act("unapproved_worship"), sign=1),
    Row("age_profiles.traveller", "busy", **want("flight"), sign=1),
    Row("age_profiles.parent", "busy", **want("private_school"), sign=1),
    Row("age_profiles.job_seeker", "busy", **want("good_job"), sign=1),
    Row("age_profiles.school_leaver", "busy", **want("university_place"), sign=1),
    Row("age_profiles.patient", "busy", **want("hospital_queue"), sign=1),
    Row("behaviours.*.rate.male", "busy", **act("{1}", group="male"), to="lowest", sign=1),
    Row("behaviours.*.rate.female", "busy", **act("{1}", group="female"), to="lowest", sign=1),
    Row("behaviours.*.weight", "busy", **act("{1}")),
    Row("behaviours.ignoring_judgment.slope", "courts", "cases"),
    Row("behaviours.breaking_spending_order.slope", "orders", **step("broke_order")),
    Row("behaviours.*.slope", "busy", **act("{1}")),
    Row("behaviours.*.urban", "busy", **act("{1}", group="urban"), sign=1),
    Row("behaviours.*.hardship", "poor", **act("{1}"), sign=1),
    # Neighbours follow neighbours down where a threat holds them back, and up where a reward draws them on.
    Row("behaviours.volunteering.peers", "praise among neighbours", **act("{1}"), to="lowest", sign=1),
    Row("behaviours.clearing_snow.peers", "praise among neighbours", **act("{1}"), to="lowest", sign=1),
    Row("behaviours.praising_government.peers", "praise among neighbours", **act("{1}"), to="lowest", sign=1),
    Row("behaviours.*.peers", "fear among neighbours", **act("{1}"), to="lowest", sign=-1),
    Row("behaviours.*.door.share", "shut doors", **act("{1}")),
    Row("behaviours.*.suit", "courts", **step("judged"), sign=1),
    # No court case is counted among the acts, but its harm is weighed against what listing costs.
    Row("behaviours.*_judgment.harm", "wrongful", **truth("disproportionate"), to="lowest"),
    Row("behaviours.breaking_settlement.harm", "orders", **truth("disproportionate"), to="highest"),
    Row("behaviours.breaking_spending_order.harm", "orders", **truth("disproportionate"), to="highest"),
    Row("behaviours.*.harm", "busy", "harm", sign=1),
    Row("behaviours.*.benefit", "busy", "benefit", sign=1),
    # What people apply for
    Row("services.*.wants", "village", **want("{1}"), to="lowest", sign=1),
    Row("services.*.urban", "village", **want("{1}", group="urban"), sign=1),
    Row("services.*.worth", "coveted doors", "for_points"),
    Row("services.*.price", "dear doors", "hardship"),
    Row("services.*.refused_income", "shut doors", "income"),
    Row("services.*.refused_hardship", "shut doors", "hardship"),
    # Who watches
    Row("sensors.*.coverage.urban", "busy", **sensor("recall", group="urban"), to="lowest", sign=1),
    Row("sensors.*.coverage.rural", "busy", **sensor("recall", group="rural"), to="lowest", sign=1),
    # Of so many purchases one is seen as it is.
    Row("sensors.platform.sees.buying_necessities", "watched", **sensor("recall"), to="lowest", sign=1),
    Row("sensors.court.sees.*_judgment", "courts", "penalties", to="lowest"),
    Row("sensors.court.sees.breaking_*", "orders", "penalties", to="lowest"),
    Row("sensors.court.sees.false_declaration", "declarations", **sensor("recall"), sign=1),
    Row("sensors.*.sees.*", "watched", **sensor("recall"), sign=1),
    Row("sensors.*.false_positive", "busy", **sensor("precision"), to="highest", sign=-1),
    Row("sensors.*.wrong_person", "prompt records", **sensor("precision"), to="highest", sign=-1),
    Row("sensors.street_camera.bias.factor", "false records", "records_not_done", of("minority"), sign=1),
    Row("sensors.tip_off.bias.factor", "false records", "records_not_done", of("minority"), sign=1),
    Row("sensors.traffic_police.bias.factor", "false records", "records_not_done", of("migrant"), sign=1),
    Row("sensors.neighbourhood_collector.bias.factor", "false records", "records_not_done", of("migrant"), sign=1),
    Row("sensors.*.delay.shortest", "late records", **sensor("recall"), to="highest", sign=-1),
    Row("sensors.*.delay.longest", "early records", **sensor("recall"), sign=-1),
    # What holds back and what draws on
    Row(D + "severity", "fear of punishment", "deterred"),
    Row(D + "largest_gain", "uniform gain", "deterred"),
    Row(D + "*", "fear", "deterred"),
    Row(R + "reward_most", "praise", **act("volunteering"), sign=1),
    Row(R + "reward_pull", "praise", "for_points"),
    # Who works towards a grade begins earlier; what costs something is not done for the points alone.
    Row(R + "foresight", "praise", "for_points"),
    Row(R + "effort", "praise", "for_points"),
    Row(R + "crowding_*", "praise", "motive"),
    Row("coefficients.peers.peers_least", "fear among neighbours", **act("littering"), to="highest", sign=1),
    Row("coefficients.peers.peers_most", "praise among neighbours", **act("volunteering"), sign=1),
    # What comes of a suit
    Row(C + "suit_shortest", "slow courts", **step("judged"), sign=-1),
    Row(C + "suit_longest", "courts", **step("judged"), sign=-1),
    Row(C + "mismatch", "courts", **truth("wrong_person")),
    Row(C + "deadline", "courts", **step("enforced"), sign=-1),
    Row(C + "evasion", "courts", **step("would_not"), sign=1),
    Row(C + "unable_at_full_hardship", "courts", **step("could_not"), sign=1),
    Row(C + "applies", "courts", **step("enforced"), sign=1),
    Row(C + "grace", "courts", **step("enforced"), sign=-1),
    Row(C + "mistaken_able", "courts", **truth("unable")),
    Row(C + "mistaken_unable", "courts", "penalties"),
    Row(C + "review", "courts", **step("performed_late"), sign=-1),
    Row(C + "perform*", "courts", **step("performed_late"), sign=1),
    Row(C + "pressure", "courts", **step("performed_late"), sign=1),
    Row(C + "breaks_order", "orders", **step("broke_order"), sign=1),
    Row(C + "settles", "courts", **step("settled"), sign=1),
    Row(C + "removal", "courts", "shut_out"),
    Row(C + "late_*", "courts", "shut_out"),
    Row("coefficients.appeals.*", "courts", "appeals"),
    Row("coefficients.wrongful.stale_after", "wrongful", **truth("stale")),
    Row("coefficients.wrongful.proportion", "wrongful", **truth("disproportionate")),
    # What is shown in public
    Row(X + "publicity_reach", "news", "aware"),
    Row(X + "*_weight", "fear", "believed_risk"),
    Row(X + "praise_opinion", "fear", "opinion"),
    Row(X + "shunning", "fear", "ties", sign=-1),
    Row(X + "shunned_distrust", "fear", "trust"),
    # What people come to believe and to know
    Row(L + "experience_most", "fear", "believed_risk", to="lowest"),
    Row(L + "*", "fear", "believed_risk"),
    Row(A + "partly_known", "partly known", "aware"),
    Row(A + "*", "news", "aware"),
    # How they fare
    Row(S + "delay_hardship", "fear", "hardship"),
    Row(S + "delay_cost", "fear", "deterred"),
    Row(S + "priority_worth", "praise", "for_points"),
    Row(F + "income_return", "shut doors", "income"),
    Row(F + "hardship_return", "shut doors", "hardship"),
    Row(F + "poverty_line", "village", "hardship"),
    Row(F + "trust_return", "fear", "trust"),
    Row(F + "trust_urban", "fear", "trust", of("urban")),
    Row(F + "trust_rural", "fear", "trust", of("rural")),
    Row(F + "report_distrust", "fear", "trust"),
    Row(F + "shown_distrust", "fear", "trust"),
    Row(F + "motive_return", "praise", "motive"),
    Row(F + "conformity", "fear", "public_support"),
    Row(F + "opinion*", "fear", "opinion"),
    Row("coefficients.past.past_horizon", "busy", "score"),
    # Who people are
    Row(P + "age_sex.national.*", "village", "opinion", to="reversed"),
    Row(P + "age_sex.*", "{2}", "opinion", to="reversed"),
    Row(P + "household_size", "village", "income", to="reversed"),
    Row(P + "education.urban.*", "village", "opinion", of("urban"), to="reversed"),
    Row(P + "education.rural.*", "village", "opinion", of("rural"), to="reversed"),
    Row(P + "education_homogamy", "village", "opinion"),
    Row(P + "income_education", "village", "income"),
    Row(P + "income_urban", "village", "income", of("urban")),
    # Who is foreign holds no residence permit, and is out of the scope of a book for those who do.
    Row(P + "registration.*", "newcomers", "penalties", of("migrant")),
    Row(P + "flags.driver.*", "busy", **act("traffic_offence")),
    Row(P + "flags.dog_owner.*", "busy", **act("unleashed_dog")),
    Row(P + "flags.borrower.*", "busy", **act("late_loan_payment")),
    Row(P + "flags.online.*", "busy", **act("heavy_gaming")),
    Row(P + "flags.working.*", "busy", **want("consumer_loan")),
    Row(P + "flags.public_servant.*", "busy", **want("public_post")),
    Row(T + "by_age.0.rate", "open party", "opinion", of("party")),
    Row(T + "*", "village", "opinion", of("party")),
    # Where they live
    Row("societies.*.people", "{1}", "income", to="lowest"),
    Row("societies.*.neighbourhood_size", "{1}", "income"),
    Row("societies.*.district_neighbourhoods", "{1}", "believed_risk", to="lowest"),
    Row("societies.*.urban_share", "{1}", "trust"),
    Row("societies.*.minority_share", "{1}", "income", of("minority")),
    Row("societies.*.migrant_share", "{1}", "income", of("migrant")),
    Row("societies.*.income_*", "{1}", "income"),
    Row("societies.*.unit_size_shape", "{1}", "believed_risk"),
    Row("societies.*.unit_urban_spread", "{1}", "believed_risk"),
    Row("provinces.*.units", "{1}", "believed_risk"),
    Row("provinces.*.urban_share", "{1}", "trust"),
    Row("provinces.*.minority_share", "{1}", "income", of("minority")),
    Row("provinces.*.migrant_share", "{1}", "income", of("migrant")),
    Row("provinces.*.income_mean", "{1}", "income"),
)


def row_of(path: str) -> Row:
    """The first row whose pattern fits."""
    return next(row for row in PARAMETERS if fnmatchcase(path, row.path))
