"""Every column of the model, declared once.

A stage function receives columns by the names of its parameters. This table says what each is: its dtype, its shape
(`per`), its unit, what it means, whether it is **truth** (what people are, did and believe), **record** (what the
system wrote down) or **public** (what anybody may know: the registry of residents, the published rules), and which rows
of the plan may write it. Allocation, the printed plan, the documentation and the contracts all read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Access(Enum):
    """Who may know a column."""

    TRUTH = "truth"
    RECORD = "record"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Column:
    """One declared column.

    Attributes
    ----------
    name
        Name of the column, and of the parameter by which stage functions receive it.
    dtype
        NumPy dtype.
    per
        What there is one value for: `person`, `person x domain`, `person x instrument`, `neighbourhood ...`,
        `district`, `run` (tables made once from rulebooks and parameters), `buffer` (the day's work in a district),
        `diary`, `tally` (counts of a month).
    access
        Truth, record or public.
    unit
        Unit of one step of the integer.
    meaning
        What it holds.
    writers
        Names of the plan's rows that write it; `start` for what is set before the first day.
    """

    name: str
    dtype: str
    per: str
    access: Access
    unit: str
    meaning: str
    writers: tuple[str, ...] = ("start",)


T, R, P = Access.TRUTH, Access.RECORD, Access.PUBLIC

_PERSON = (
    # What never changes within a year: recomputable from (seed, slot).
    Column("age", "uint8", "person", P, "years", "age", ("start", "birthday")),
    Column("flags", "uint16", "person", P, "bits", "female, urban, minority, migrant, party, driver, dog owner, ..."),
    Column("education", "uint8", "person", P, "level", "none or primary, lower secondary, upper secondary, college"),
    Column("income_rank", "uint16", "person", T, "1/1024", "rank of the household's income"),
    Column("household", "uint8", "person", P, "nibbles", "position in the household, size of the household"),
    Column("traits", "uint16", "person", T, "nibbles", "levels of self-control, public spirit, dissent, prudence"),
    Column("rate_cell", "uint8", "person", P, "cell", "age band x sex x urban, for rates", ("start", "birthday")),
    Column(
        "group_cell", "uint16", "person", T, "cell", "the 640 groups that measures are told by", ("start", "birthday")
    ),
    Column("gate", "uint16", "person", T, "2^-16 a day", "ceiling of all that could happen", ("start", "birthday")),
    Column("occupied", "uint8", "person", P, "0 or 1", "whether somebody lives in the slot"),
    Column(
        "ties",
        "uint16",
        "person x tie",
        T,
        "local slot",
        "neighbours, friends and workmates; 65535 for none",
        ("start", "hear"),
    ),
    Column("leaning", "uint8", "person", T, "1/255", "approval to which opinion returns", ("start", "birthday")),
    # Ten bytes of state.
    Column(
        "belief",
        "uint8",
        "person x domain",
        T,
        "1/255",
        "believed risk of being recorded",
        ("start", "learn", "hear", "receive", "live"),
    ),
    Column("experience", "uint8", "person", T, "acts", "own acts learned from", ("start", "learn")),
    Column(
        "income", "uint8", "person", T, "1/128", "income relative to the person's own start", ("start", "learn", "live")
    ),
    Column("hardship", "uint8", "person", T, "1/255", "hardship", ("start", "learn", "seek", "live")),
    Column("trust", "uint8", "person", T, "1/255", "trust in strangers", ("start", "learn", "hear", "live")),
    Column("opinion", "uint8", "person", T, "1/255", "private approval", ("start", "learn", "live")),
    Column("motive", "uint8", "person", T, "1/128", "own motive for good deeds", ("start", "learn", "live")),
)

_INSTRUMENT = (
    Column(
        "raw", "int16", "person x instrument", R, "points",
        "start and all points in force, or what was reckoned last", ("start", "score", "share", "reckon", "rank"),
    ),
    Column(
        "standing", "uint8", "person x instrument", R, "grade",
        "grade, after overrides", ("start", "score", "share", "reckon", "rank", "hold", "hold_heads"),
    ),
    Column(
        "counters", "uint32", "person x instrument", R, "nibbles",
        "records of each counted rule in its window, or faults and years of insurance", ("start", "score", "reckon"),
    ),
    Column(
        "overrides", "uint8", "person x instrument", R, "nibbles",
        "active overrides to each of two grades", ("start", "score", "share", "reckon", "rank", "hold", "hold_heads"),
    ),
    Column(
        "marks", "uint8", "person x instrument", R, "bits", "in scope; ever refused, penalised, shamed, rewarded",
        ("start", "score", "share", "treat", "publish", "hold", "hold_heads"),
    ),
    Column("aware", "uint8", "person x instrument", T, "0 or 1", "knows of the scheme", ("start", "learn", "live")),
)  # fmt: skip

_PLACE = (
    Column("sizes", "int32", "neighbourhood", P, "people", "people who live there"),
    Column("first_rank", "int32", "neighbourhood", P, "people", "people in the district before it"),
    Column("levels", "uint8", "neighbourhood x sensor", P, "1/15", "coverage by each sensor"),
    Column("neighbour_keys", "uint32", "neighbourhood x layer", T, "key", "keys of the neighbours' matchings"),
    Column(
        "expected", "int64", "neighbourhood x behaviour", T, "2^-32 acts a day",
        "acts expected of those who live there", ("start", "birthday"),
    ),
    Column(
        "peers_factor", "int32", "neighbourhood x behaviour", T, "1/256",
        "response to what is done there", ("start", "send"),
    ),
    Column(
        "done_here", "int64", "neighbourhood x behaviour", T, "acts",
        "acts since the last exchange", ("count", "send"),
    ),
    Column(
        "shown", "int64", "neighbourhood x channel", R, "people",
        "people shown on each channel, once for each instrument", ("publish", "close_month"),
    ),
    Column(
        "news", "int64", "neighbourhood x instrument", T, "2^-32",
        "chance to hear of a scheme this month", ("receive",),
    ),
    Column(
        "place_of_merit", "int32", "instrument x merit", R, "points",
        "score that each merit gives among all peers", ("receive",),
    ),
    Column("first_slot", "int64", "district", P, "slot", "global number of its first slot"),
    Column("first_neighbourhood", "int64", "district", P, "neighbourhood", "number of its first neighbourhood"),
    Column("district_keys", "uint32", "district x layer", T, "key", "keys of friends' matchings and of workplaces"),
)  # fmt: skip

_BUFFERS = (
    Column(
        "filled", "int64", "buffer", R, "items",
        "how far each buffer of the day is filled",
        (
            "act", "court", "observe", "score", "share", "learn", "count", "follow", "reckon", "hold", "hold_heads",
            "file", "send", "rank", "file_ranks",
        ),
    ),
    Column("gate_words", "uint32", "buffer", T, "draws", "a neighbourhood's draws at the gate", ("act",)),
    Column("gate_mask", "uint8", "buffer", T, "0 or 1", "who of a neighbourhood passes the gate", ("act",)),
    Column("gate_bits", "uint8", "buffer", T, "bits", "the same, eight people a byte", ("act",)),
    Column("candidates", "uint16", "buffer", T, "local slot", "who passed the gate", ("act",)),
    Column("chances", "uint32", "buffer", T, "draw", "what may happen to each of them", ("act",)),
    Column("sightings", "uint32", "buffer", T, "draw", "whether each sensor in turn sees an act", ("observe",)),
    Column("month_words", "uint32", "buffer", T, "draws", "a neighbourhood's draws of the month", ("live",)),
    Column("month_shown", "uint8", "buffer", R, "channels", "on how many channels people stand", ("live",)),
    Column(
        "stood", "int64", "buffer", R, "grade",
        "standing before the item at hand, by instrument", ("score", "share", "reckon", "rank", "hold", "hold_heads"),
    ),
    Column("acts_slot", "uint16", "buffer", T, "local slot", "who did it", ("act",)),
    Column("acts_kind", "uint8", "buffer", T, "kind", "what was done", ("act",)),
    Column(
        "acts_fate", "uint8", "buffer", T, "code",
        "done, done for points only, or wished and left undone", ("act",),
    ),
    Column("acts_caught", "uint8", "buffer", T, "0 or 1", "recorded against the one who did it", ("observe", "press")),
    Column("applications_slot", "uint16", "buffer", R, "local slot", "who asks for a service", ("act",)),
    Column("applications_service", "uint8", "buffer", R, "service", "the service asked for", ("act",)),
    Column(
        "outcomes_bits", "uint8", "buffer", R, "bits",
        "refused, delayed, dearer, cheaper, first in line", ("treat",),
    ),
    Column("outcomes_days", "int32", "buffer", R, "days", "delay of an application", ("treat",)),
    Column("outcomes_percent", "int32", "buffer", R, "percent", "surcharge (or discount, negative)", ("treat",)),
    Column(
        "agenda_key", "uint64", "buffer", R, "key",
        "what is due today: expiries, ends, records, exits, corrections, cases", ("court", "observe"),
    ),
    Column(
        "agenda_truth", "uint32", "buffer", T, "code",
        "truth of each record: its kind and the doer", ("court", "observe"),
    ),
    Column("agenda_spare_key", "uint64", "buffer", R, "key", "space to sort `agenda_key` in", ("observe",)),
    Column("agenda_spare_truth", "uint32", "buffer", T, "code", "space to sort `agenda_truth` in", ("observe",)),
    Column("agenda_places", "int64", "buffer", R, "items", "where to sort items of each upper byte", ("observe",)),
    Column("steps_key", "uint64", "buffer", T, "key", "today's court steps of the panel", ("court",)),
    Column("steps_truth", "uint32", "buffer", T, "code", "truth of each of these cases", ("court",)),
    Column("entries_appeal", "uint8", "buffer", T, "bits", "appeals against the day's entries", ("appeal",)),
    Column("entries_kind", "uint8", "buffer", T, "code", "truth of each ledger entry", ("count",)),
    Column(
        "entries", "int32", "buffer", R, "fields", "ledger entries of the day",
        ("score", "share", "reckon", "rank", "hold", "hold_heads"),
    ),
    Column("stories", "int64", "buffer", T, "fields", "outbox: penalties told to far acquaintances", ("learn",)),
    Column(
        "due_heads", "int32", "diary", R, "link",
        "first entry due on each day of the ring",
        ("start", "court", "observe", "press", "score", "share", "appeal", "seek"),
    ),
    Column(
        "due_next", "int32", "diary", R, "link",
        "next entry of the same day", ("start", "court", "observe", "press", "score", "share", "appeal", "seek"),
    ),
    Column(
        "due_key", "uint64", "diary", R, "key",
        "what is due", ("start", "court", "observe", "press", "score", "share", "appeal", "seek"),
    ),
    Column(
        "due_truth", "uint32", "diary", T, "code",
        "truth of late records and open cases", ("start", "court", "observe", "press"),
    ),
    Column(
        "due_state", "int64", "diary", R, "links",
        "free list, entries in use, high-water mark",
        ("start", "court", "observe", "press", "score", "share", "appeal", "seek"),
    ),
)  # fmt: skip

_TALLIES = (
    Column("tally_acts", "int64", "tally", T, "acts", "acts by cell and kind", ("count", "close_month")),
    Column(
        "tally_silenced", "int64", "tally", T, "wishes",
        "wished and left undone, by cell and kind", ("count", "close_month"),
    ),
    Column(
        "tally_for_points", "int64", "tally", T, "acts",
        "good deeds done for points only", ("count", "close_month"),
    ),
    Column(
        "tally_records", "int64", "tally", T, "records",
        "records by cell, sensor and truth", ("count", "close_month"),
    ),
    Column(
        "tally_entries", "int64", "tally", T, "entries",
        "ledger entries by cell, instrument, sign, wrongful", ("count", "close_month"),
    ),
    Column("tally_wrongful", "int64", "tally", T, "entries", "penalties by their truth", ("count", "close_month")),
    Column("tally_courts", "int64", "tally", T, "cases", "steps of cases", ("court", "count", "close_month")),
    Column("tally_appeals", "int64", "tally", T, "appeals", "made, upheld, righted", ("appeal", "close_month")),
    Column(
        "tally_repairs", "int64", "tally", T, "applications, days",
        "repair asked for and granted, by way; barred, too poor, days waited", ("seek", "close_month"),
    ),
    Column(
        "tally_shared", "int64", "tally", T, "entries",
        "entries for records of others, by cell, instrument, sign", ("count", "close_month"),
    ),
    Column("tally_points", "int64", "tally", T, "points", "points lost and gained", ("count", "close_month")),
    Column(
        "tally_outcomes", "int64", "tally", T, "applications",
        "outcomes by cell and service", ("count", "close_month"),
    ),
    Column(
        "tally_shut_out", "int64", "tally", T, "person-days",
        "days with a service denied", ("count", "close_month"),
    ),
    Column(
        "tally_places", "int64", "tally", T, "events",
        "bad acts, records, penalties, refusals by neighbourhood", ("count", "close_month"),
    ),
    Column(
        "tally_audience", "int64", "tally", T, "people",
        "who saw or heard of somebody, by cell and channel", ("hear", "close_month"),
    ),
    Column("tally_ties_lost", "int64", "tally", T, "ties", "ties of the shamed that end", ("hear", "close_month")),
    Column("moment_people", "int64", "tally", T, "sums", "people and sums of their state, by cell", ("snapshot",)),
    Column("moment_score", "int64", "tally", T, "points", "sum of scores, by cell and instrument", ("snapshot",)),
    Column(
        "moment_marks", "int64", "tally", T, "people",
        "people by cell, instrument and combination of marks and awareness", ("snapshot",),
    ),
    Column("moment_grades", "int64", "tally", T, "people", "people by cell, instrument and grade", ("snapshot",)),
    Column("panel", "uint8", "person", P, "0 or 1", "whose ledger and life are kept"),
    Column("panel_slots", "uint16", "panel", P, "local slot", "the people of the panel"),
    Column("panel_events", "int64", "tally", T, "fields", "lives of the panel, this month", ("follow", "close_month")),
    Column("panel_states", "int32", "panel x field", T, "various", "state and standing of the panel", ("visit",)),
    Column(
        "panel_ledger", "int64", "tally", T, "fields",
        "ledger of the panel, this month", ("count", "file", "file_ranks", "close_month"),
    ),
)  # fmt: skip

_TABLES = (
    Column("seed_words", "uint32", "run", T, "key", "the seed"),
    Column("conformity", "int64", "run", T, "1/256", "weight of fear in what people say they think"),
    Column("day", "int64", "run", P, "days", "today, from 0", ("calendar",)),
    Column("month_number", "int64", "run", P, "months", "months of all years in a row: 12 a year", ("calendar",)),
    Column("days_left", "int64", "run", P, "days", "days of the month after today", ("calendar",)),
    Column("coefficients", "int64", "run", T, "various", "the coefficients, by the constants of day/coefficients.py"),
    Column("rates", "int64", "run", T, "2^-32 acts a day", "rate by kind and rate cell"),
    Column("trait_factor", "int64", "run", T, "2^-16", "factor by kind and level of its trait"),
    Column("trait_shift", "int64", "run", T, "bits", "where the trait of a kind stands in `traits`"),
    Column("room", "int64", "run", T, "1/256", "ceiling over base rate, by kind"),
    Column("requires", "uint16", "run", P, "bits", "flag that a kind requires; 0 for none"),
    Column("walk", "int64", "run", T, "kind", "kinds, by group, likelier ones first"),
    Column(
        "walk_ceilings", "uint32", "run", T, "2^-32 acts a day",
        "ceiling by rate cell, trait level, step of the walk",
    ),
    Column("group_first", "int64", "run", T, "step", "first step of the walk within each group of kinds"),
    Column("group_requires", "uint16", "run", P, "bits", "flag that the kinds of a group require; 0 for none"),
    Column("group_shift", "int64", "run", T, "bits", "where the trait of a group's kinds stands in `traits`"),
    Column(
        "group_ceilings", "uint32", "run", T, "2^-32 acts a day",
        "sum of the ceilings of a group by rate cell, group, trait level",
    ),
    Column("domain", "int64", "run", P, "domain", "domain of each behaviour"),
    Column("is_bad", "uint8", "run", P, "0 or 1", "whether a behaviour is bad conduct"),
    Column("hardship_pull", "int64", "run", T, "2^-16 per step", "rise of a behaviour with hardship"),
    Column("law_risk", "int64", "run", P, "2^-16", "risk of being recorded under ordinary law, by domain"),
    Column("neg_exp", "int64", "run", P, "2^-16", "exp(-k/256)"),
    Column("income_table", "int64", "run", P, "yuan a year", "income per head by rank"),
    Column(
        "opinion_base", "int64", "run", T, "1/255",
        "approval to which opinion returns, by band, fifth, education, place",
    ),
    Column("crowding_floor", "int64", "run", T, "1/128", "own motive once deeds are paid for, by domain"),
    Column("behaviour_sensors", "int64", "run", P, "sensor", "sensors in force that see a behaviour; -1 ends the list"),
    Column("seen", "int64", "run", T, "2^-32", "chance that an act is seen, by behaviour, sensor, level"),
    Column("sensor_wrong", "int64", "run", T, "2^-32", "share of a sensor's records on the wrong person"),
    Column("sensor_delay", "int64", "run", P, "days", "shortest delay and number of possible delays"),
    Column("sensor_false", "int64", "run", T, "2^-32", "false records per person and day, before thinning"),
    Column(
        "sensor_bias", "int64", "run", T, "flag, 2^-32",
        "group that false records favour, chance to keep the others",
    ),
    Column("sensor_bad", "int64", "run", P, "behaviour", "bad behaviours a sensor sees; -1 ends the list"),
    Column("sensor_near", "uint8", "run", P, "0 or 1", "whether the sensor is a person who lives nearby"),
    Column("price", "int64", "run", P, "yuan", "price of a service"),
    Column("refused_income", "int64", "run", T, "2^-16 of 1/128", "income lost at a refusal"),
    Column("refused_hardship", "int64", "run", T, "2^-16 of 1/255", "hardship at a refusal"),
    Column("rule_of", "int16", "run", P, "rule", "rule that takes a record, by behaviour and sensor; -1 none"),
    Column("rule_weighed", "int16", "run", P, "rule", "rule that people weigh before they act; -1 none"),
    Column("rule_nibble", "int8", "run", P, "nibble", "nibble that counts a rule's overrides; -1 none"),
    Column("is_list", "uint8", "run", P, "0 or 1", "whether an instrument is a list"),
    Column("is_weighted", "uint8", "run", P, "0 or 1", "whether records only move counts until a score is reckoned"),
    Column("reckoning", "uint8", "run", P, "code", "how a score is reckoned: 0 at once, by parts, by years, by rank"),
    Column("score_base", "int64", "run", P, "2^-16 points", "points before any feature"),
    Column("score_start", "int32", "run", P, "points", "score of the start"),
    Column("turn_months", "int32", "run", P, "months", "how long the weights of a rank stay"),
    Column("turns_count", "int32", "run", P, "turns", "number of turns of re-tuning"),
    Column("merit_parts", "int64", "run", P, "2^-16", "what a feature adds to merit at each value, by turn"),
    Column("rule_factor", "int32", "run", P, "fraction", "what a fault multiplies a coefficient by"),
    Column("rules_count", "int32", "run", P, "rules", "number of rules of faults"),
    Column("year_factor", "int32", "run", P, "fraction", "what a year without a fault multiplies a coefficient by"),
    Column("year_protected", "int32", "run", P, "years", "years at the floor that spare a first fault; -1 none"),
    Column("year_returns", "int32", "run", P, "years", "years without a fault that lead back to the start; -1 none"),
    Column("rule_steps", "int32", "run", P, "points", "worth of one record more, by records in the window"),
    Column("feature_value", "int8", "run", P, "code", "counter or attribute that a feature reads; -1 none"),
    Column("feature_parts", "int64", "run", P, "2^-16 points", "what a feature gives at each value"),
    Column("appeal_days", "int32", "run", P, "days", "until an appeal is decided; 0 no appeal"),
    Column("upheld_q32", "int64", "run", T, "2^-32", "appeals upheld, of who had not done it and of others"),
    Column("family_denies", "uint8", "run", P, "0 or 1", "services denied to the household of the listed"),
    Column("feed_grade", "int8", "run", P, "grade", "grade at or below which one instrument feeds another; -1 none"),
    Column("feed_override", "int8", "run", P, "grade", "grade that the feed forces"),
    Column("disproportionate", "uint8", "run", P, "0 or 1", "whether a penalty is out of proportion to the harm"),
    Column(
        "no_legal_basis", "uint8", "run", P, "0 or 1",
        "whether a penalty has no legal basis or hits a protected act",
    ),
    Column("suit_share", "int64", "run", T, "2^-32", "share of acts that end in court"),
    Column("court_enters", "int64", "run", P, "2^-32", "share entered of what the court finds"),
    Column("court_numbers", "int64", "run", P, "number", "what the court finds, the court, a debt"),
    Column("instruments", "int64", "run", P, "number", "numbers in the run of the instruments in force here"),
    Column("rule_points", "int16", "run", P, "points", "points of a rule"),
    Column("rule_expires", "int32", "run", P, "days", "days until points expire; -1 never"),
    Column("rule_counter", "int8", "run", P, "number", "counter of a rule; -1 none"),
    Column("rule_window", "int32", "run", P, "days", "window of the counter"),
    Column("rule_step", "int16", "run", P, "multiples", "rise of the multiplier per earlier record"),
    Column("rule_repeat_most", "int16", "run", P, "multiples", "largest multiplier; 0 no repeat"),
    Column("rule_cap", "int16", "run", P, "records", "rewarded records in the window; -1 no cap"),
    Column("rule_override", "int8", "run", P, "grade", "grade a rule forces; -1 none"),
    Column("rule_override_term", "int32", "run", P, "days", "term of the override"),
    Column("rule_shared", "int64", "run", P, "2^-16", "share of points entered for others in the household; 0 none"),
    Column("rule_repair", "int32", "run", P, "days", "until what a rule takes may be repaired; -1 never"),
    Column("rule_ways", "int8", "run", P, "way", "ways by which it may be, in the order of choice; -1 none"),
    Column("repair_asks", "int64", "run", P, "2^-32 a month", "of those who may ask for repair, how many would"),
    Column("repair_granted", "int64", "run", P, "2^-32", "applications for repair that are granted"),
    Column("repair_days", "int32", "run", P, "days", "until an application for repair is decided"),
    Column("repair_clean", "uint8", "run", P, "0 or 1", "whether only those are repaired against whom nothing else is"),
    Column("repair_costs", "int64", "run", P, "yuan", "costs of a course"),
    Column("repair_deeds", "uint8", "run", P, "bits", "counters of the good deeds that count for repair"),
    Column("repair_least", "int32", "run", P, "records", "good deeds that repair asks, at least"),
    Column("rule_duration", "int64", "run", P, "1/256 years", "discounted duration of a rule's effect"),
    Column("spending_order", "uint8", "run", P, "0 or 1", "whether the listed are ordered not to spend"),
    Column("override_grade", "int8", "run", P, "grade", "grades of the two override nibbles; -1 none"),
    Column("score_lowest", "int32", "run", P, "points", "lowest score"),
    Column("score_highest", "int32", "run", P, "points", "highest score"),
    Column("grade_lowest", "int32", "run", P, "points", "lowest score of each grade"),
    Column("grade_midpoint", "int32", "run", P, "points", "midpoint of each grade"),
    Column("grades_count", "int32", "run", P, "grades", "number of grades"),
    Column("reach", "uint8", "run", P, "0 or 1", "whether a sensor's records reach an instrument"),
    Column("notice", "uint8", "run", P, "0 or 1", "whether subjects are told of entries"),
    Column("effect_bits", "uint8", "run", P, "bits", "deny, delay, priority by instrument, service and grade"),
    Column("effect_days", "int32", "run", P, "days", "delay"),
    Column("effect_percent", "int32", "run", P, "percent", "surcharge less discount"),
    Column("denies", "uint8", "run", P, "0 or 1", "whether a grade is denied any service"),
    Column("shown_on", "uint8", "run", P, "bits", "channels that show a grade"),
    Column("value", "int64", "run", P, "yuan a year", "worth of a score to a rate cell, from the lowest on"),
    Column("open_door", "int64", "run", P, "2^-16", "share of opportunities left, by behaviour and grade"),
)  # fmt: skip

_FIRMS = (
    # Who a firm is: recomputable from (seed, firm slot) and the people of the district on day 0.
    Column("firm_representative", "uint16", "firm", P, "local slot", "legal representative"),
    Column("firm_sector", "uint8", "firm", P, "sector", "line of business"),
    Column("firm_size", "uint8", "firm", P, "size", "class of size"),
    Column("firm_cell", "uint8", "firm", P, "cell", "size x sector"),
    Column("firm_diligence", "uint8", "firm", T, "level", "trait of the firm, 0 to 15"),
    Column("firm_newcomer", "uint8", "firm", P, "0 or 1", "no full year of business yet"),
    Column("firm_connected", "uint8", "firm", P, "0 or 1", "the representative is in the Party or a public servant"),
    Column("firm_employees", "int32", "firm", P, "people", "people who work there"),
    Column("firm_body", "int16", "firm", P, "body", "public body that it supplies; -1 none"),
    Column("firm_turn", "uint16", "firm", P, "number", "its number among the suppliers of that body"),
    Column("firm_waits", "uint16", "firm", T, "bills", "that public bodies have left unpaid", ("start", "wait")),
    Column("firm_ceiling", "int64", "firm", T, "2^-30 a month", "sum of the rates of all that it may do"),
    # Its standing.
    Column("firm_points", "int16", "firm x instrument", R, "points", "points of the rating year", ("start", "rate")),
    Column("firm_opens", "uint8", "firm x instrument", R, "months", "left when repair opens", ("start", "rate")),
    Column(
        "firm_open", "uint8", "firm x instrument", R, "months",
        "until its appeal is decided; 0 none", ("start", "rate", "contest"),
    ),
    Column("firm_won", "uint8", "firm x instrument", R, "0 or 1", "whether that will be upheld", ("start", "contest")),
    Column("firm_clear_points", "int16", "firm x instrument", R, "points", "without the contested", ("start", "rate")),
    Column("firm_clear_assigned", "uint8", "firm x instrument", R, "grade", "likewise", ("start", "rate")),
    Column("firm_clear_standing", "uint8", "firm x instrument", R, "grade", "likewise", ("start", "rate")),
    Column("firm_clear_left", "uint8", "firm x instrument", R, "months", "likewise", ("start", "rate")),
    Column("firm_clear_opens", "uint8", "firm x instrument", R, "months", "likewise", ("start", "rate")),
    Column(
        "firm_assigned", "uint8", "firm x instrument", R, "grade",
        "lowest grade assigned in the rating year; 255 none", ("start", "rate"),
    ),
    Column("firm_standing", "uint8", "firm x instrument", R, "grade", "grade", ("start", "rate")),
    Column(
        "firm_left", "uint8", "firm x instrument", R, "months",
        "of a listing; 255 until performance", ("start", "rate"),
    ),
    Column(
        "firm_marks", "uint8", "firm x instrument", R, "bits",
        "in scope; ever refused, penalised", ("start", "rate", "serve"),
    ),
    Column("firm_bound", "uint8", "firm x binding", R, "0 or 1", "whether it binds", ("start", "bind")),
    # The month's work.
    Column(
        "firm_filled", "int64", "district", R, "items", "how far the spaces of a month are filled",
        ("start", "trade", "inspect", "rate", "bind"),
    ),
    Column("firm_notices", "int32", "buffer", R, "fields", "firm, instrument, record of each notice", ("rate",)),
    Column("firm_noted", "int64", "buffer", R, "firm", "whom an instrument gave a notice last", ("rate",)),
    Column("firm_repairs", "int32", "buffer", R, "fields", "firm, list", ("rate",)),
    Column("firm_answers", "uint8", "buffer", T, "bits", "told, appealed, upheld, righted, by notice", ("contest",)),
    Column("firm_acts", "int32", "buffer", T, "fields", "firm, behaviour, fate", ("trade",)),
    Column("firm_applications", "int32", "buffer", R, "fields", "firm, service", ("trade",)),
    Column("firm_inspections", "int32", "buffer", R, "fields", "firm, sensor", ("inspect",)),
    Column("firm_records", "int32", "buffer", R, "fields", "firm, behaviour, sensor", ("inspect",)),
    Column("firm_records_truth", "int32", "buffer", T, "fields", "truth of each record, and who did it", ("inspect",)),
    Column("firm_entries", "int32", "buffer", R, "fields", "firm, instrument, sign, record", ("rate",)),
    Column("firm_outcomes", "uint8", "buffer", R, "bits", "what became of each application", ("serve",)),
    Column("firm_bindings", "int64", "buffer", R, "fields", "local slot, list of people, 1 or -1", ("bind",)),
    Column("firm_flows", "int64", "district", T, "counts", "the month by group", ("count_firms", "close_month")),
    Column("firm_moment", "int64", "district", T, "counts", "firms as they stand, by group", ("census",)),
    # Tables.
    Column("calendar_month", "int64", "run", P, "month", "calendar month of today, from 1", ("calendar",)),
    Column("firm_rates", "int64", "run", T, "2^-30 a month", "rate by kind and cell"),
    Column("firm_traits", "int64", "run", T, "2^-16", "factor by kind and diligence"),
    Column("firm_fine", "int64", "run", P, "yuan", "what ordinary law takes, by behaviour and size"),
    Column("firm_gain", "int64", "run", T, "yuan", "largest gain, by behaviour and size"),
    Column("firm_unable", "int64", "run", T, "2^-30", "share of opportunities without a choice"),
    Column("firm_strain", "int64", "run", T, "1/256 per bill", "occasions without a choice that an unpaid bill adds"),
    Column("firm_bad", "uint8", "run", P, "0 or 1", "whether a behaviour is bad conduct"),
    Column("firm_clean", "int64", "run", P, "behaviour", "what an inspection writes that finds nothing"),
    Column("firm_seen", "int64", "run", T, "2^-30", "chance that an act is seen, by behaviour and sensor"),
    Column("firm_desk", "uint8", "run", P, "0 or 1", "whether a sensor always looks"),
    Column("firm_ordinary", "int64", "run", P, "2^-30 a month", "inspections of ordinary law, by sensor and cell"),
    Column("firm_law_risk", "int64", "run", P, "2^-30", "risk of a record under ordinary law, by behaviour and cell"),
    Column("firm_wrong", "int64", "run", T, "2^-30", "share of a sensor's records on another firm"),
    Column("firm_false", "int64", "run", T, "2^-30", "false findings of empty inspections, by sensor"),
    Column("firm_bad_seen", "int64", "run", P, "behaviour", "bad behaviours a sensor sees; -1 ends the list"),
    Column("firm_favours", "int64", "run", T, "behaviour, 2^-30", "what a sensor gives the connected for nothing"),
    Column("firm_performs", "int64", "run", P, "2^-30 a month", "listed firms that perform"),
    Column("firm_binding", "int64", "run", P, "2^-30", "share of representatives who are reached"),
    Column("firm_past", "int64", "run", P, "months", "that firms live before day 0"),
    Column("firm_told", "int64", "run", P, "2^-30", "share of notices that reach the firm"),
    Column("firm_appeals", "int64", "run", T, "2^-30", "share of those told who appeal: of the wronged, of others"),
    Column("firm_notice", "uint8", "run", P, "0 or 1", "whether an instrument gives notice"),
    Column("firm_appeal", "uint8", "run", P, "months", "until an appeal is decided; 0 none, or no notice"),
    Column("firm_upheld", "int64", "run", P, "2^-30", "appeals upheld: of who had not done it, of others"),
    Column("firm_repair", "int64", "run", P, "2^-30 a month", "of those who may ask, how many are let off a list"),
    Column("firm_shown", "uint8", "run", P, "0 or 1", "whether a grade is shown in public"),
    Column("firm_custom", "int64", "run", P, "yuan a month", "custom that being shown costs, by size"),
    Column("firm_besides", "int64", "run", P, "column", "where notices and snapshots of appeals begin; -1 none"),
    Column("firm_list", "uint8", "run", P, "0 or 1", "whether an instrument is a list"),
    Column("firm_known", "uint8", "run", P, "0 or 1", "whether firms know of an instrument"),
    Column("firm_sizes", "uint8", "run", P, "0 or 1", "sizes in an instrument's scope"),
    Column("firm_sectors", "uint8", "run", P, "0 or 1", "sectors in its scope"),
    Column("firm_reach", "uint8", "run", P, "0 or 1", "whether a sensor's records reach it"),
    Column("firm_rule_of", "int16", "run", P, "rule", "rule that takes a record, by behaviour and sensor; -1 none"),
    Column("firm_rule_weighed", "int16", "run", P, "rule", "rule that firms weigh; -1 none"),
    Column("firm_rule_points", "int32", "run", P, "points", "points of a rule"),
    Column("firm_rule_assign", "uint8", "run", P, "grade", "grade that it assigns; 255 none"),
    Column("firm_rule_lift", "uint8", "run", P, "grades", "from and to; 255 none"),
    Column("firm_rule_lifted", "int64", "run", P, "2^-30", "share lifted"),
    Column("firm_rule_term", "uint8", "run", P, "months", "term of a listing; 255 until performance"),
    Column("firm_rule_opens", "uint8", "run", P, "months", "left of its term when repair opens; 0 never"),
    Column("firm_rule_duration", "int64", "run", P, "1/256 years", "how long what a rule does lasts"),
    Column("firm_month", "int64", "run", P, "month", "calendar month of the rating"),
    Column("firm_start", "int32", "run", P, "points", "score at which a rating year begins"),
    Column("firm_range", "int32", "run", P, "points", "lowest and highest score"),
    Column("firm_graded", "uint8", "run", P, "grade", "grade of each score, of others and of newcomers"),
    Column("firm_share", "int64", "run", P, "2^-30 a month", "inspections at a grade, by sensor; -1 as usual"),
    Column("firm_sharing", "int64", "run", P, "number", "instruments that set a sensor's share; -1 ends the list"),
    Column("firm_worth", "int64", "run", P, "yuan a year", "worth of a grade to a cell"),
    Column("firm_effect_bits", "uint8", "run", P, "bits", "deny, delay, priority by service and grade"),
    Column("firm_effect_days", "int32", "run", P, "days", "delay"),
    Column("firm_effect_percent", "int32", "run", P, "percent", "surcharge less discount"),
    Column("firm_instruments", "int64", "run", P, "number", "numbers in the run of firms' instruments in force here"),
    Column("firm_columns", "int64", "run", P, "column", "where an instrument's snapshot begins"),
    Column("firm_widths", "int64", "run", P, "number", "groups, flows and snapshots"),
    Column("firm_binds", "int64", "run", P, "fields", "instrument of firms, list of people, grade of each binding"),
)  # fmt: skip

_BODIES = (
    # What a public body is: recomputable from (seed, body slot), place, and the people of the district on day 0.
    Column("bodies_live", "int64", "district", P, "0 or 1", "whether there are public bodies in the run"),
    Column("body_head", "uint16", "body", P, "local slot", "official at the head", ("start", "succeed")),
    Column("body_entered", "uint16", "body", P, "months", "when in the course of months the term of its head is over"),
    Column("body_servants", "uint16", "district", P, "local slot", "public servants of full age"),
    Column("body_held", "uint16", "body", R, "local slot", "its head at the last bind", ("start", "bind_heads")),
    Column("body_kind", "uint8", "body", P, "kind", "kind of body"),
    Column("body_integrity", "uint8", "body", T, "level", "trait of the body, 0 to 15"),
    Column("body_near", "int16", "body", P, "neighbourhood", "whose body it is, in the district; -1 of all"),
    Column("body_officials", "int32", "body", P, "people", "officials who work there"),
    Column("body_suppliers", "int32", "body", P, "firms", "that supply it"),
    Column("body_targets", "int64", "neighbourhood x instrument", P, "reports a month", "how many are asked"),
    # Its state.
    Column("body_owed", "uint8", "body", T, "bills", "left unpaid", ("start", "owe")),
    Column("body_stuck", "uint8", "body", T, "bills", "of these, those that it could not pay", ("start", "owe")),
    Column("body_defied", "uint8", "body", T, "judgments", "not obeyed", ("start", "owe")),
    Column("body_beyond", "uint8", "body", T, "judgments", "of these, those that it could not obey", ("start", "owe")),
    Column("body_bills", "int64", "body", T, "bills", "left unpaid so far", ("start", "owe")),
    Column("body_extra", "int64", "neighbourhood", T, "2^-30", "how much harder collectors look", ("start", "target")),
    Column("body_forge", "int64", "neighbourhood", T, "2^-32 a day", "reports made up", ("start", "target")),
    Column(
        "body_reports", "int64", "neighbourhood x 3", T, "reports", "of this month: arrived, made up, of extra looks",
        ("start", "press", "target"),
    ),
    Column("body_points", "int16", "body x instrument", R, "points", "points of the year", ("start", "grade")),
    Column("body_assigned", "uint8", "body x instrument", R, "grade", "lowest assigned; 255 none", ("start", "grade")),
    Column("body_standing", "uint8", "body x instrument", R, "grade", "grade", ("start", "grade")),
    Column(
        "body_left", "uint8", "body x instrument", R, "months", "of a listing; 255 while records come",
        ("start", "grade"),
    ),
    Column(
        "body_marks", "uint8", "body x instrument", R, "bits", "in scope, ever refused, ever penalised",
        ("start", "grade", "answer"),
    ),
    Column(
        "body_bound", "uint8", "body x binding", R, "code",
        "0 it binds nobody, 1 the head, 2 a head who came to it", ("start", "bind_heads"),
    ),
    # The month's work.
    Column(
        "body_filled", "int64", "district", R, "items", "how far the spaces of a month are filled",
        ("start", "owe", "look", "grade", "bind_heads"),
    ),
    Column("body_acts", "uint8", "buffer", T, "code", "what a body does of each behaviour", ("owe", "target")),
    Column("body_steps", "int64", "buffer", T, "counts", "what the month brought a body", ("owe", "target")),
    Column("body_applications", "int32", "buffer", R, "fields", "body, service", ("owe",)),
    Column("body_inspections", "int32", "buffer", R, "fields", "body, sensor", ("look",)),
    Column("body_records", "int32", "buffer", R, "fields", "body, behaviour, sensor", ("look",)),
    Column("body_records_truth", "int32", "buffer", T, "fields", "truth of each record, and who did it", ("look",)),
    Column("body_entries", "int32", "buffer", R, "fields", "body, instrument, sign, record", ("grade",)),
    Column("body_outcomes", "uint8", "buffer", R, "bits", "what became of each application", ("answer",)),
    Column("body_bindings", "int64", "buffer", R, "fields", "local slot, list of people, 1 or -1", ("bind_heads",)),
    Column("body_flows", "int64", "district", T, "counts", "the month by kind", ("count_bodies", "close_month")),
    Column("body_moment", "int64", "district", T, "counts", "bodies as they stand, by kind", ("census_bodies",)),
    # Tables.
    Column("body_bill", "int64", "run", T, "2^-30 a month", "bills that could be left, by kind and integrity"),
    Column("body_ignore", "int64", "run", T, "2^-30", "judgments that could be ignored, by integrity"),
    Column("body_shares", "int64", "run", T, "2^-30", "unable, paid, sued, performed, effort"),
    Column("body_wants", "int64", "run", T, "2^-30 a month", "applications by service and kind"),
    Column("body_fine", "int64", "run", P, "yuan", "what ordinary law takes, by behaviour"),
    Column("body_gain", "int64", "run", T, "yuan", "largest gain, by behaviour; of made-up reports the scruple"),
    Column("body_temper", "int64", "run", T, "2^-16", "factor to made-up reports by integrity"),
    Column("body_seen", "int64", "run", T, "2^-30", "chance of a record, by behaviour and sensor; -1 unseen"),
    Column("body_desk", "uint8", "run", P, "0 or 1", "whether a sensor looks every month"),
    Column("body_ordinary", "int64", "run", P, "2^-30 a month", "inspections by sensor and kind"),
    Column("body_risk", "int64", "run", P, "2^-30", "risk of a record, by behaviour and kind"),
    Column("body_wrong", "int64", "run", T, "2^-30", "share of a sensor's records on another body"),
    Column("body_false", "int64", "run", T, "2^-30", "false findings of empty inspections, by sensor"),
    Column("body_term", "int64", "run", P, "months", "that a head stays"),
    Column("body_past", "int64", "run", P, "months", "that bodies live before day 0"),
    Column("body_reporter", "int64", "run", P, "sensor", "sensor of people by which bodies report"),
    Column("body_sight", "int64", "run", T, "2^-32", "what that sensor sees where it covers all, by behaviour"),
    Column("body_list", "uint8", "run", P, "0 or 1", "whether an instrument is a list"),
    Column("body_known", "uint8", "run", P, "0 or 1", "whether bodies know of an instrument"),
    Column("body_kinds", "uint8", "run", P, "0 or 1", "kinds in an instrument's scope"),
    Column("body_quota", "int64", "run", P, "fraction", "reports per 1,000 residents and month"),
    Column("body_reach", "uint8", "run", P, "0 or 1", "whether a sensor's records reach it"),
    Column("body_rule_of", "int16", "run", P, "rule", "rule that takes a record, by behaviour and sensor; -1 none"),
    Column("body_rule_weighed", "int16", "run", P, "rule", "rule that bodies weigh; -1 none"),
    Column("body_rule_points", "int32", "run", P, "points", "points of a rule"),
    Column("body_rule_assign", "uint8", "run", P, "grade", "grade that it assigns; 255 none"),
    Column("body_rule_term", "uint8", "run", P, "months", "term of a listing; 255 while records come"),
    Column("body_rule_duration", "int64", "run", P, "1/256 years", "how long what a rule does lasts"),
    Column("body_month", "int64", "run", P, "month", "calendar month of the rating"),
    Column("body_start", "int32", "run", P, "points", "score at which a year begins"),
    Column("body_range", "int32", "run", P, "points", "lowest and highest score"),
    Column("body_graded", "uint8", "run", P, "grade", "grade of each score"),
    Column("body_worth", "int64", "run", P, "yuan a year", "worth of a grade to a kind"),
    Column("body_value", "int64", "run", P, "yuan a year", "worth of a score to a kind, from the lowest on"),
    Column("body_effect_bits", "uint8", "run", P, "bits", "deny, delay, priority by service and grade"),
    Column("body_effect_days", "int32", "run", P, "days", "delay"),
    Column("body_effect_percent", "int32", "run", P, "percent", "surcharge less discount"),
    Column("body_instruments", "int64", "run", P, "number", "numbers in the run of bodies' instruments in force here"),
    Column("body_columns", "int64", "run", P, "column", "where an instrument's snapshot begins"),
    Column("body_widths", "int64", "run", P, "number", "kinds, flows and snapshots"),
    Column("body_binds", "int64", "run", P, "fields", "instrument of bodies, list of people, grade of each binding"),
)  # fmt: skip

COLUMNS: dict[str, Column] = {
    c.name: c for c in (*_PERSON, *_INSTRUMENT, *_PLACE, *_BUFFERS, *_TALLIES, *_TABLES, *_FIRMS, *_BODIES)
}
"""All columns by name."""
