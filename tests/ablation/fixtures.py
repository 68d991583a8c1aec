"""The worlds by name."""

from __future__ import annotations

from functools import partial

from tests.ablation.worlds import Fixture

from scorepolis.rulebooks import Rulebook

ASSUMED = {"status": "assumed", "reason": "Made up to be seen"}

GOOD = ("volunteering", "donating", "giving_blood", "helping_neighbour", "yielding_to_pedestrians")

BLOOD = {"behaviours.giving_blood.rate.*": "highest"} | {f"age_profiles.blood_donor.{band}": 4 for band in range(2, 8)}

# What happens to somebody once in years happens every few months.
OFTEN = {
    f"behaviours.{name}.rate.*": "highest"
    for name in (
        *("drink_driving", "late_loan_payment", "contract_breach", "fraud", "late_tax", "theft", "violence"),
        *("ignoring_judgment", "petitioning", "unapproved_worship", "giving_blood"),
    )
} | {"behaviours.late_utility_bill.rate.*": 1.5}

# Everybody knows of the scheme, much is seen, word of it spreads, and it takes little to be held back.
FEAR = {
    "coefficients.deterrence.threshold": "lowest",
    "coefficients.deterrence.certainty": "highest",
    "coefficients.awareness.awareness": "highest",
    "coefficients.learning.story_share": "highest",
    "coefficients.learning.far_weight": "highest",
    "coefficients.learning.peer_weight": "highest",
    "coefficients.learning.billboard_weight": 0.1,
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

# Many volunteer, the more so for points, and nobody loses heart over it.
FOLLOWED = {
    "behaviours.volunteering.rate.*": 2,
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
} | BLOOD

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
    "behaviours.volunteering.rate.*": 6,
    "behaviours.donating.rate.*": 8,
    "behaviours.helping_neighbour.rate.*": 40,
    "behaviours.yielding_to_pedestrians.rate.*": 1500,
    "behaviours.drink_driving.rate.*": "highest",
    "behaviours.ignoring_judgment.rate.*": "highest",
    "services.*.wants": "lowest",
    "coefficients.deterrence.certainty": "lowest",
    "coefficients.deterrence.severity": "lowest",
    "coefficients.reward.reward_most": "lowest",
    "coefficients.peers.peers_most": "lowest",
    "sensors.*.sees.*": "highest",
    "sensors.*.coverage.*": "highest",
    "sensors.*.delay.*": "lowest",
} | BLOOD

# What few apply for is sought by many.
WANTED = {
    f"services.{name}.wants": "highest"
    for name in ("consumer_loan", "public_post", "private_school", "good_job", "heating_subsidy")
}


def points(book: Rulebook, **changes: object) -> Rulebook:
    """Change the only instrument of a rulebook."""
    return book.with_(instruments=(book.instruments[0].with_(**changes),))


def every_door(book: Rulebook, effect: str, **amount: object) -> Rulebook:
    """Let every service answer the start grade and those below it in one way."""
    services = {consequence.service: None for consequence in book.instruments[0].consequences}
    grades = ("B", "C", "D")
    return points(
        book,
        consequences=tuple(
            {"service": name, "grades": grades, "effect": effect, **amount, **ASSUMED} for name in services
        ),
    )


PERCENT = {"value": 50, "unit": "percent", "range": [0, 100], **ASSUMED}

FIXTURES = {
    "law": Fixture(book="law-only"),
    "village": Fixture(),
    "town": Fixture(society="town"),
    "rongcheng": Fixture(society="rongcheng"),
    "busy": Fixture(OFTEN),
    "poor": Fixture(OFTEN | POVERTY, book="law-only"),
    "fear": Fixture(OFTEN | FEAR),
    "fear of punishment": Fixture(OFTEN | FEAR | {"coefficients.deterrence.severity": "highest"}),
    "fear among neighbours": Fixture(OFTEN | FEAR | POVERTY | {"behaviours.*.peers": "highest"}, people=6000),
    "uniform gain": Fixture(
        OFTEN | FEAR | {"coefficients.deterrence.form": "uniform_gain", "coefficients.deterrence.largest_gain": 0.5}
    ),
    "praise": Fixture(PRAISE),
    "praise among neighbours": Fixture(PRAISE | POVERTY | FOLLOWED),
    "news": Fixture(OFTEN | NEWS),
    "partly known": Fixture(OFTEN | NEWS, edit=partial(points, transparency="partly")),
    "early records": Fixture(OFTEN | {"sensors.*.delay.shortest": "lowest"}),
    "late records": Fixture(OFTEN | {"sensors.*.delay.longest": "highest"}),
    "prompt records": Fixture(
        OFTEN | {"sensors.*.sees.*": "highest", "sensors.*.coverage.*": "highest", "sensors.*.delay.*": "lowest"},
        people=6000,
    ),
    "false records": Fixture(ERRORS | MIXED),
    "shut doors": Fixture(WANTED | PRAISE | POVERTY, edit=partial(every_door, effect="deny")),
    "coveted doors": Fixture(
        PRAISE | POVERTY | {"coefficients.reward.reward_most": "highest", "coefficients.reward.reward_pull": 20},
        edit=partial(every_door, effect="deny"),
    ),
    "dear doors": Fixture(WANTED, edit=partial(every_door, effect="surcharge", percent=PERCENT)),
    "teaching-town": Fixture(OFTEN | WANTED | FEAR | PRAISE | SEEN, people=6000, days=120),
    "rongcheng-2019": Fixture(OFTEN | WANTED | FEAR | PRAISE | SEEN, book="rongcheng-2019", people=6000, days=120),
    "teaching-town, by habit": Fixture(HABIT, people=6000, days=180),
    "rongcheng-2019, by habit": Fixture(HABIT, book="rongcheng-2019", people=6000, days=365),
    "open party": Fixture({"population.party.other": "highest"}),
}
