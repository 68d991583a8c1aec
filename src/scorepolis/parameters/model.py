"""The parameters as frozen models, field for field as in the YAML files.

No field lets conduct vary by minority or by Party membership: rates know sex, age, place, circumstance and trait, and
nothing else. Differences between groups enter through sensors, rules and enforcement.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, Field

from scorepolis.core.provenance import Choice, Provenance, Quantities, Quantity, Text
from scorepolis.parameters.bodies import Bodies
from scorepolis.parameters.firms import Firms

Band: TypeAlias = Literal["0-5", "6-17", "18-29", "30-39", "40-49", "50-59", "60-69", "70+"]
Domain: TypeAlias = Literal["government", "commerce", "society", "judiciary"]
Conduct: TypeAlias = Literal["bad", "good"]
Trait: TypeAlias = Literal["self_control", "public_spirit", "dissent", "prudence"]
FlagName: TypeAlias = Literal["driver", "dog_owner", "borrower", "online", "working", "public_servant"]
SensorKind: TypeAlias = Literal["camera", "collector", "tip_off", "agency", "platform", "self_report"]
Form: TypeAlias = Literal["exponential", "uniform_gain"]

BANDS: Final[tuple[str, ...]] = get_args(Band)
ADULT_BANDS: Final[tuple[str, ...]] = BANDS[2:]
FLAGS: Final[tuple[str, ...]] = get_args(FlagName)
REGISTRATIONS: Final = ("resident", "permit_holder", "migrant", "foreigner")
"""Where people are registered: here, elsewhere with a residence permit, elsewhere without one, abroad."""

COURT: Final = "court"
"""The sensor that writes the records of cases."""
IGNORING: Final = "ignoring_judgment"
UNFULFILLED: Final = "unfulfilled_judgment"
BREAKING_ORDER: Final = "breaking_spending_order"
BREAKING_SETTLEMENT: Final = "breaking_settlement"
FOUND: Final = (IGNORING, UNFULFILLED, BREAKING_ORDER, BREAKING_SETTLEMENT)
"""What a court finds in the course of a case, in the order of its tables."""


class Record(BaseModel):
    """A frozen entry that takes its own keys only."""

    # Whoever reads a finished run meets these models and reads no parameters: validators are built when first used.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Rate(Record):
    """Episodes per person and year, by sex."""

    male: Quantity
    female: Quantity


class Door(Record):
    """The service without which a share of the opportunities for a behaviour is gone."""

    service: str
    share: Quantity


UNCHOSEN: Final = "no habit: what is done in the course of a case has no rate of its own"
NEVER: Final = Rate(
    male=Quantity(value=0, unit="episodes per person and year", status="assumed", reason=UNCHOSEN, range=(0, 0)),
    female=Quantity(value=0, unit="episodes per person and year", status="assumed", reason=UNCHOSEN, range=(0, 0)),
)
LEVEL: Final = Quantity(
    value=0, unit="log rate per standard deviation", status="assumed", reason=UNCHOSEN, range=(0, 0)
)
ONCE: Final = Quantity(value=1, unit="episodes per act", status="assumed", reason=UNCHOSEN, range=(1, 1))


class Behaviour(Record):
    """Something a person may do.

    What a court decides is done in the course of a case: it has `decided_by`, and neither age, rate, weight nor what
    moves a rate; a slope only if the case depends on the trait. It counts as done by nobody of their own accord, one
    episode an act.
    """

    title: Text
    domain: Domain
    conduct: Conduct
    trait: Trait
    protected: Text | None = None
    requires: FlagName | None = None
    age: str = "adult"
    rate: Rate = NEVER
    weight: Quantity = ONCE
    slope: Quantity = LEVEL
    urban: Quantity | None = None
    hardship: Quantity | None = None
    peers: Quantity | None = None
    door: Door | None = None
    harm: Quantity | None = None
    benefit: Quantity | None = None
    suit: Quantity | None = None
    decided_by: Literal["court"] | None = None


class Service(Record):
    """Something people apply for."""

    title: Text
    domain: Domain
    age: str
    requires: FlagName | None = None
    wants: Quantity
    urban: Quantity | None = None
    worth: Quantity
    price: Quantity
    refused_income: Quantity
    refused_hardship: Quantity


class Coverage(Record):
    """Share of a neighbourhood within a sensor's reach."""

    urban: Quantity
    rural: Quantity


class Bias(Record):
    """How much likelier a false record is for a group."""

    group: Literal["minority", "migrant"]
    factor: Quantity


class Delay(Record):
    """Days between an act and its record."""

    shortest: Quantity
    longest: Quantity


class Sensor(Record):
    """What may notice an act and write a record of it."""

    title: Text
    kind: SensorKind
    ordinary: bool
    coverage: Coverage
    sees: dict[str, Quantity]
    false_positive: Quantity | None = None
    wrong_person: Quantity
    bias: Bias | None = None
    delay: Delay


class Deterrence(Record):
    """How believed risk and loss hold people back."""

    form: Choice[Form]
    certainty: Quantity
    severity: Quantity
    threshold: Quantity
    full_certainty_loss: Quantity
    largest_gain: Quantity
    discount_rate: Quantity


class Reward(Record):
    """How reward draws people on, and what it does to their own motive."""

    reward_most: Quantity
    reward_pull: Quantity
    crowding_speed: Quantity
    foresight: Quantity
    effort: Quantity
    crowding_out: dict[Domain, Quantity]


class Peers(Record):
    """Bounds of the response to what neighbours do."""

    peers_least: Quantity
    peers_most: Quantity


class Learning(Record):
    """How believed risk moves."""

    prior_weight: Quantity
    experience_most: Quantity
    peer_weight: Quantity
    far_weight: Quantity
    story_share: Quantity


class Awareness(Record):
    """Who knows that there is a scheme, and how others come to know."""

    awareness: Quantity
    partly_known: Quantity
    notice_read: Quantity
    household_tells: Quantity
    news_reach: Quantity


class Publicity(Record):
    """What it does to people to see, to hear and to be those who are shown in public."""

    publicity_reach: Quantity
    billboard_weight: Quantity
    app_weight: Quantity
    broadcast_weight: Quantity
    ringtone_weight: Quantity
    praise_opinion: Quantity
    shunning: Quantity
    shunned_distrust: Quantity


class Treatment(Record):
    """What waiting costs and what precedence is worth."""

    delay_cost: Quantity
    delay_hardship: Quantity
    priority_worth: Quantity


class Opinion(Record):
    """Opinion of scoring before any experience of it, by age, income, education and place."""

    base: Quantity
    age: Quantity
    income: Quantity
    education: Quantity
    urban: Quantity


class Life(Record):
    """How income, hardship, trust, opinion and motive move from month to month."""

    income_return: Quantity
    hardship_return: Quantity
    trust_return: Quantity
    opinion_return: Quantity
    motive_return: Quantity
    poverty_line: Quantity
    trust_urban: Quantity
    trust_rural: Quantity
    opinion_loss: Quantity
    opinion_gain: Quantity
    report_distrust: Quantity
    shown_distrust: Quantity
    conformity: Quantity
    opinion: Opinion


class Past(Record):
    """How far back a scheme's records reach at the start."""

    past_horizon: Quantity


class Courts(Record):
    """How a case runs from the suit to the removal from a list: days, and shares of those who come so far."""

    suit_shortest: Quantity
    suit_longest: Quantity
    mismatch: Quantity
    deadline: Quantity
    evasion: Quantity
    unable_at_full_hardship: Quantity
    applies: Quantity
    grace: Quantity
    mistaken_able: Quantity
    mistaken_unable: Quantity
    review: Quantity
    performs: Quantity
    pressure: Quantity
    breaks_order: Quantity
    settles: Quantity
    removal: Quantity
    late_removal: Quantity
    late_days: Quantity


class Appeals(Record):
    """Who appeals against an entry."""

    appeals_wronged: Quantity
    appeals_other: Quantity


class Wrongful(Record):
    """When a true record is stale, and a sanction out of proportion."""

    stale_after: Quantity
    proportion: Quantity


class Coefficients(Record):
    """The coefficients of the day and the month."""

    deterrence: Deterrence
    reward: Reward
    peers: Peers
    learning: Learning
    awareness: Awareness
    publicity: Publicity
    services: Treatment
    life: Life
    past: Past
    courts: Courts
    appeals: Appeals
    wrongful: Wrongful


class AgeSex(Record):
    """People of a province by sex in bands of five years of age, the last 100 and over."""

    male: Quantities
    female: Quantities


class Education(Record):
    """Shares of the four levels of education by place and age band, for adults; children count in the lowest."""

    urban: dict[Band, Quantities]
    rural: dict[Band, Quantities]


class Flag(Record):
    """Share of people with a circumstance, by age band, with factors for sex and place."""

    share: Quantities
    male: Quantity
    female: Quantity
    urban: Quantity
    rural: Quantity


class PartyRate(Record):
    """Share of Party members up to an age."""

    to: int
    rate: Quantity


class Party(Record):
    """Party membership by age, with factors for sex, education and minority."""

    by_age: tuple[PartyRate, ...]
    male: Quantity
    female: Quantity
    college: Quantity
    other: Quantity
    minority: Quantity
    majority: Quantity


class Registration(Record):
    """Who among migrants, those not registered here, is a foreigner, and who else holds a residence permit."""

    foreign: Quantity
    permit: Quantity


class Population(Record):
    """Who people are: published aggregates, and the ties between them."""

    age_sex: dict[str, AgeSex]
    household_size: Quantities
    education: Education
    education_homogamy: Quantity
    income_education: Quantity
    income_urban: Quantity
    registration: Registration
    flags: dict[FlagName, Flag]
    party: Party


class Province(Record):
    """What the people of a province are like, and of how many units it is made; their ages stand in `age_sex`."""

    title: Text
    units: Quantity
    urban_share: Quantity
    minority_share: Quantity
    migrant_share: Quantity
    income_mean: Quantity


class Area(Provenance):
    """A named place: some units of a province, by number."""

    province: str
    units: Annotated[tuple[int, ...], Field(min_length=1)]


UNDIVIDED: Final = Quantity(value=1, unit="units", status="assumed", reason="it is one place", range=(1, 1))


OWN_PROVINCE: Final = ("urban_share", "minority_share", "migrant_share", "income_mean")
"""What a society in one province says of its people."""


class Society(Record):
    """A place of a certain size and make.

    Most lie in one province and say themselves what its people are like. One of several names `provinces`, how the
    sizes and the urban shares of their units differ, and places that a scenario may single out.
    """

    title: Text
    people: Quantity
    neighbourhood_size: Quantity
    district_neighbourhoods: Quantity
    province: str | None = None
    urban_share: Quantity | None = None
    minority_share: Quantity | None = None
    migrant_share: Quantity | None = None
    income_mean: Quantity | None = None
    provinces: tuple[str, ...] = ()
    unit_size_shape: Quantity | None = None
    unit_urban_spread: Quantity | None = None
    places: dict[str, Area] = {}
    income_gini: Quantity

    @property
    def where(self) -> tuple[str, ...]:
        """Names of what a rulebook may be confined to: places, and provinces."""
        return (*self.places, *self.provinces)


class Parameters(Record):
    """All parameters of a run."""

    age_profiles: dict[str, Quantities]
    behaviours: dict[str, Behaviour]
    services: dict[str, Service]
    sensors: dict[str, Sensor]
    coefficients: Coefficients
    population: Population
    provinces: dict[str, Province]
    societies: dict[str, Society]
    firms: Firms
    bodies: Bodies

    def provinces_of(self, society: Society) -> dict[str, Province]:
        """Give the provinces in which a society lies, by the name of their table of age and sex."""
        if society.province is None:
            return {name: self.provinces[name] for name in society.provinces}
        own = {name: getattr(society, name) for name in OWN_PROVINCE}
        return {society.province: Province(title=society.title, units=UNDIVIDED, **own)}

    def may_write(self, sensor: str, behaviour: str) -> bool:
        """Say whether records of a behaviour can come from a sensor: it sees it, or it is the court and judges it."""
        done = self.behaviours[behaviour]
        judged = done.suit is not None or done.decided_by is not None
        return behaviour in self.sensors[sensor].sees or (sensor == COURT and judged)


Version: TypeAlias = Literal[1]


class BehavioursFile(Record):
    """behaviours.yaml."""

    version: Version
    age_profiles: dict[str, Quantities]
    behaviours: dict[str, Behaviour]


class ServicesFile(Record):
    """services.yaml."""

    version: Version
    services: dict[str, Service]


class SensorsFile(Record):
    """sensors.yaml."""

    version: Version
    sensors: dict[str, Sensor]


class CoefficientsFile(Coefficients):
    """coefficients.yaml."""

    version: Version


class PopulationFile(Population):
    """population.yaml."""

    version: Version


class ProvincesFile(Record):
    """provinces.yaml."""

    version: Version
    provinces: dict[str, Province]


class SocietiesFile(Record):
    """societies.yaml."""

    version: Version
    societies: dict[str, Society]
