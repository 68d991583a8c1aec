"""The worlds by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tests.ablation.changes import frequent
from tests.ablation.worlds import Fixture

from scorepolis.core.provenance import Quantity
from scorepolis.parameters import Parameters, load
from scorepolis.rulebooks import Grade, Rulebook
from scorepolis.rulebooks import load as load_rulebook

ASSUMED = {"status": "assumed", "reason": "Made up to be seen"}

GOOD = ("volunteering", "donating", "giving_blood", "helping_neighbour", "yielding_to_pedestrians")

BLOOD = {"behaviours.giving_blood.rate.*": "highest"} | {f"age_profiles.blood_donor.{band}": 4 for band in range(2, 8)}

# What happens to somebody once in years happens every few months; see also `frequent`.
OFTEN = {"behaviours.giving_blood.rate.*": "highest", "behaviours.late_utility_bill.rate.*": 1.5}

# Suits are many, and a case is through within weeks.
COURTS = {
    "behaviours.*.suit": "highest",
    "coefficients.courts.suit_*": "lowest",
    "coefficients.courts.deadline": 3,
    "coefficients.courts.grace": 4,
    "coefficients.courts.review": "lowest",
    "coefficients.courts.performs": 0.1,
    "coefficients.courts.pressure": 1,
    "coefficients.courts.breaks_order": 0.3,
    "coefficients.courts.settles": 0.3,
    "coefficients.courts.mismatch": "highest",
    "coefficients.courts.mistaken_*": 0.3,
    "coefficients.courts.late_removal": 0.3,
    "coefficients.courts.late_days": 10,
    "coefficients.appeals.appeals_*": 0.5,
    "coefficients.life.poverty_line": "highest",
}

# Everybody knows of the scheme, much is seen, word of it spreads, and it takes little to be held back.
FEAR = {
    "coefficients.deterrence.threshold": "lowest",
    "coefficients.deterrence.certainty": "highest",
    "coefficients.awareness.awareness": "highest",
    "coefficients.learning.story_share": "highest",
    "coefficients.learning.far_weight": "highest",
    "coefficients.learning.peer_weight": "highest",
    "coefficients.publicity.*_weight": 0.1,
    "sensors.*.coverage.*": "highest",
}

# Everybody knows of the scheme, and points are worth a good deed.
PRAISE = {
    "coefficients.awareness.awareness": "highest",
    "coefficients.reward.reward_pull": "highest",
    "coefficients.reward.crowding_speed": 0.5,
    "coefficients.reward.crowding_out.*": "highest",
    "sensors.*.coverage.*": "highest",
}

# What neighbours follow one another in is done by many,
IMITATED = {
    f"behaviours.{name}.rate.*": "highest"
    for name in ("illegal_parking", "queue_jumping", "unsorted_waste", "spreading_rumours")
}

# and so is what is done for points, with nobody losing heart over it.
FOLLOWED = {
    "behaviours.volunteering.rate.*": 2,
    "behaviours.clearing_snow.rate.*": 6,
    "behaviours.praising_government.rate.*": 6,
    "behaviours.*.peers": "highest",
    "coefficients.reward.crowding_out.*": "lowest",
}

# Good deeds are declared, blood is given often, records are prompt: every grade has its people.
SEEN = {
    "sensors.self_report.sees.*": "highest",
    "sensors.traffic_police.sees.drink_driving": "highest",
    "sensors.*.delay.*": "lowest",
    "coefficients.deterrence.certainty": 2,
    "coefficients.deterrence.severity": 2,
    "coefficients.life.poverty_line": "highest",
    "coefficients.reward.reward_pull": 50,
    "services.consumer_loan.price": 300,
    "services.public_post.wants": "highest",
} | BLOOD

COVERED = {"sensors.*.coverage.*": "highest"}
SHARP = {"sensors.*.sees.*": "highest"}

# Few know of the scheme as yet.
NEWS = {"coefficients.awareness.awareness": 0.2, "sensors.*.coverage.*": "highest"}

POVERTY = {"coefficients.life.poverty_line": "highest", "societies.village.income_mean": "lowest"}
MIXED = {"societies.village.minority_share": 0.5, "societies.village.migrant_share": 0.5}
ERRORS = {"sensors.*.false_positive": "highest", "coefficients.learning.peer_weight": 0}

# Nobody fears or hopes for anything, but some do the same again and again under eyes that miss little.
HABIT = {
    "behaviours.*.slope": "lowest",
    **{f"behaviours.{name}.slope": "highest" for name in GOOD},
    "behaviours.jaywalking.rate.*": 300,
    "behaviours.littering.rate.*": 120,
    "behaviours.traffic_offence.rate.*": 40,
    "behaviours.heavy_gaming.rate.*": 50,
    "behaviours.volunteering.rate.*": 8,
    "behaviours.donating.rate.*": 14,
    "behaviours.helping_neighbour.rate.*": 40,
    "behaviours.yielding_to_pedestrians.rate.*": 1500,
    "behaviours.drink_driving.rate.*": "highest",
    "services.*.wants": "lowest",
    "coefficients.deterrence.certainty": "lowest",
    "coefficients.deterrence.severity": "lowest",
    "coefficients.reward.reward_most": "lowest",
    "coefficients.peers.peers_most": "lowest",
    "sensors.*.sees.*": "highest",
    "sensors.neighbourhood_collector.sees.donating": 0.1,  # so that something is left to declare
    "sensors.platform.sees.donating": "lowest",
    "sensors.*.coverage.*": "highest",
    "sensors.*.delay.*": "lowest",
} | BLOOD


def points(book: Rulebook, **changes: object) -> Rulebook:
    """Change the instruments of points of a rulebook."""
    return book.with_(instruments=[i.with_(**changes) if i.method == "points" else i for i in book.instruments])


def every_door(book: Rulebook, effect: str, **amount: object) -> Rulebook:
    """Let every service answer the start grade and those below it in one way."""
    doors = ({"service": name, "grades": ("B", "C", "D"), "effect": effect, **amount} for name in load().services)
    return points(book, consequences=[door | ASSUMED for door in doors])


def crowded(book: Rulebook) -> Rulebook:
    """Let lists have many on them from the first day."""
    listed = Quantity(value=0.1, unit="share of those in scope", range=(0, 1), **ASSUMED)
    stocks = (i.with_(stock=listed) if i.method == "list" and i.stock else i for i in book.instruments)
    return prompt(book.with_(instruments=tuple(stocks)))


# Other numbers than those of COURTS, so that it shows whose they are.
PROMPT = {"grace": 8, "mistaken_able": 0.6, "mistaken_unable": 0.6}


def prompt(book: Rulebook) -> Rulebook:
    """Let courts decide soon, and often mistake the one for the other, where a book says how they act."""
    if book.courts is None:
        return book
    unlike = {name: {"value": PROMPT[name], "range": (PROMPT[name],) * 2} for name, _ in book.courts.said()}
    return book.with_(courts={name: said.model_copy(update=unlike[name]) for name, said in book.courts.said()})


def at_the_lowest_border(book: Rulebook) -> Rulebook:
    """Let everybody start where one entry more leads to the lowest grade."""
    return started(book, lambda grades: int(grades[0].highest.value) + 1)


def at_the_highest_border(book: Rulebook) -> Rulebook:
    """Let everybody start at the bottom of the best grade, and know the rules."""
    return points(started(book, lambda grades: int(grades[-1].lowest.value)), transparency="published")


def started(book: Rulebook, where: Callable[[tuple[Grade, ...]], int]) -> Rulebook:
    """Let everybody start at a score that the book's own grades give, whatever was changed in them."""
    own = load_rulebook(book.name, load())
    starts = {i.id: where(i.grades) for i in own.instruments if i.method == "points"}
    begun = {id: Quantity(value=at, unit="points", range=(at, at), **ASSUMED) for id, at in starts.items()}
    return prompt(
        book.with_(instruments=[i.with_(start=begun[i.id]) if i.id in begun else i for i in book.instruments])
    )


def only(province: str, parameters: Parameters) -> Parameters:
    """Leave one province of the country, and few people there."""
    nation = parameters.societies["national"]
    few = nation.people.model_copy(update={"value": 3000, "range": (1000, 3000)})
    country = nation.model_copy(update={"provinces": (province,), "places": {}, "people": few})
    return parameters.model_copy(update={"societies": parameters.societies | {"national": country}})


PERCENT = {"value": 50, "unit": "percent", "range": [0, 100], **ASSUMED}

SCHEME = OFTEN | COURTS | FEAR | PRAISE | SEEN
LISTS = [f"{book}-{year}" for book in ("defaulter-list", "spending-restriction") for year in (2013, 2017, 2020, 2024)]
# Where nobody is under an order, nobody breaks one.
BESIDE = {f"defaulter-list-{year}": ("spending-restriction-2017",) for year in (2013, 2017, 2020, 2024)}
OTHERS = [
    *("rongcheng-2021", "myth", "reality-2020", "reality-2025", "suining-2010", "village-ledger", "jinan-dogs"),
    "village-stars",
    *("osmanthus", "honest-shanghai", "joint-sanctions-2016", "watchlist"),
]
# Few records are wrong where few are made; what obstructs a court is seldom seen, and debtors perform too soon to be
# refused much.
LITIGIOUS = {"sensors.court.sees.*": "highest", "coefficients.courts.performs": "lowest"}
DECLARED = {"behaviours.false_declaration.rate.*": "highest"}
MORE = {
    "jinan-dogs": {
        "behaviours.unleashed_dog.rate.*": 80,
        "sensors.*.sees.unleashed_dog": "highest",
        "sensors.*.sees.dog_noise": "highest",
        "sensors.*.wrong_person": "highest",
        "sensors.*.false_positive": "highest",
        "coefficients.appeals.appeals_*": 1,
    },
    "joint-sanctions-2016": LITIGIOUS | DECLARED,
    "rongcheng-2021": LITIGIOUS,
    "reality-2020": LITIGIOUS,
    "reality-2025": LITIGIOUS,
}
MANY = {"jinan-dogs": 20_000}


WEIGHTED = ("qianjiang", "bailu", "moli")

FIXTURES = {
    "law": Fixture(books=("law-only",)),
    "village": Fixture(),
    "town": Fixture(society="town"),
    "rongcheng": Fixture(society="rongcheng"),
    "national": Fixture({"societies.national.neighbourhood_size": 250}, society="national", people=25_000, days=31),
    **{
        name: Fixture(
            {"societies.national.neighbourhood_size": 250},
            society="national",
            people=20_000,
            days=31,
            shape=partial(only, name),
        )
        for name in load().provinces
    },
    "busy": Fixture(OFTEN, shape=frequent),
    "courts": Fixture(OFTEN | COURTS, shape=frequent),
    "slow courts": Fixture(OFTEN | COURTS | {"coefficients.courts.suit_longest": "highest"}, shape=frequent),
    "orders": Fixture(
        OFTEN | COURTS | {"sensors.court.sees.breaking_*": 0.5, "coefficients.wrongful.proportion": "lowest"},
        ("defaulter-list-2017", "spending-restriction-2017"),
        crowded,
        shape=frequent,
    ),
    "poor": Fixture(OFTEN | POVERTY, books=("law-only",), shape=frequent),
    "fear": Fixture(OFTEN | FEAR, shape=frequent),
    "fear of punishment": Fixture(OFTEN | FEAR | {"coefficients.deterrence.severity": "highest"}, shape=frequent),
    "fear among neighbours": Fixture(
        OFTEN | IMITATED | FEAR | POVERTY | {"behaviours.*.peers": "highest"}, people=6000
    ),
    "uniform gain": Fixture(
        OFTEN | FEAR | {"coefficients.deterrence.form": "uniform_gain", "coefficients.deterrence.largest_gain": 0.5}
    ),
    "praise": Fixture(PRAISE),
    "praise among neighbours": Fixture(PRAISE | POVERTY | FOLLOWED),
    "news": Fixture(OFTEN | NEWS),
    "partly known": Fixture(OFTEN | NEWS, edit=partial(points, transparency="partly")),
    "watched": Fixture(OFTEN | COVERED | {"sensors.*.delay.*": "lowest"}, shape=frequent),
    "declarations": Fixture(OFTEN | COVERED | DECLARED | {"sensors.*.delay.*": "lowest"}, shape=frequent),
    "early records": Fixture(OFTEN | COVERED | SHARP | {"sensors.*.delay.shortest": "lowest"}, shape=frequent),
    "late records": Fixture(OFTEN | COVERED | SHARP | {"sensors.*.delay.longest": "highest"}, shape=frequent),
    "prompt records": Fixture(OFTEN | COVERED | SHARP | {"sensors.*.delay.*": "lowest"}, shape=frequent, people=6000),
    "false records": Fixture(ERRORS | MIXED),
    "wrongful": Fixture(
        OFTEN | COURTS | {f"coefficients.wrongful.{name}": "lowest" for name in ("stale_after", "proportion")},
        shape=frequent,
    ),
    "shut doors": Fixture(PRAISE | POVERTY, edit=partial(every_door, effect="deny"), shape=frequent),
    "coveted doors": Fixture(
        PRAISE | POVERTY | {"coefficients.reward.reward_most": 2, "coefficients.reward.reward_pull": 20},
        edit=partial(every_door, effect="deny"),
        shape=frequent,
    ),
    "dear doors": Fixture(edit=partial(every_door, effect="surcharge", percent=PERCENT), shape=frequent),
    "teaching-town": Fixture(SCHEME, edit=crowded, shape=frequent, people=4000, days=90),
    "rongcheng-2019": Fixture(
        SCHEME, ("defaulter-list-2017", "rongcheng-2019"), crowded, shape=frequent, people=6000, days=120
    ),
    "sesame": Fixture(SCHEME, ("defaulter-list-2017", "sesame"), crowded, shape=frequent, people=6000, days=60),
    **{book: Fixture(SCHEME, (book,), shape=frequent, days=60) for book in WEIGHTED},
    "teaching-town, by habit": Fixture(HABIT, people=6000, days=180),
    "rongcheng-2019, by habit": Fixture(HABIT, ("rongcheng-2019",), people=6000, days=365),
    "newcomers": Fixture(SCHEME | LITIGIOUS | MIXED, ("rongcheng-2021",), shape=frequent, people=6000, days=120),
    "open party": Fixture({"population.party.other": "highest"}),
    **{book: Fixture(SCHEME | DECLARED, (book, *BESIDE.get(book, ())), crowded, shape=frequent) for book in LISTS},
    **{
        book: Fixture(
            SCHEME | MORE.get(book, {}),
            (book,),
            crowded,
            shape=frequent,
            people=MANY.get(book, 6000),
            days=120,
        )
        for book in OTHERS
    },
    **{
        f"{book}, let off": Fixture(
            SCHEME | DECLARED | LITIGIOUS,
            (book,),
            prompt,
            shape=frequent,
            people=6000,
            days=270,
        )
        for book in ("bailu", "defaulter-list-2024", "spending-restriction-2024", "reality-2025")
    },
    **{f"{book}, by habit": Fixture(HABIT, (book,), people=6000, days=365) for book in OTHERS},
    **{
        f"{book}, at the lowest border": Fixture(SCHEME, (book,), at_the_lowest_border, shape=frequent, people=6000)
        for book in ("teaching-town", "rongcheng-2019", *OTHERS)
    },
    **{
        f"{book}, at the highest border": Fixture(
            SCHEME | {"coefficients.reward.reward_pull": 1}, (book,), at_the_highest_border, shape=frequent, people=6000
        )
        for book in ("teaching-town", "rongcheng-2019", *OTHERS)
    },
}
