"""Rulebooks: the library, the loader's messages, changed copies, digests and the JSON Schema."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest
from pydantic import ValidationError

from scorepolis import parameters, rulebooks
from scorepolis.core.errors import InputError
from scorepolis.core.yamlfile import read_text

PARAMETERS = parameters.load()
BOOKS = {name: rulebooks.load(name, PARAMETERS) for name in rulebooks.names()}
RONGCHENG = BOOKS["rongcheng-2019"]
TOWN = BOOKS["teaching-town"]
YEARS = (2013, 2017, 2020, 2024)
LISTS = tuple(f"defaulter-list-{year}" for year in YEARS)
RESTRICTIONS = tuple(f"spending-restriction-{year}" for year in YEARS)


def text_of(name: str) -> str:
    return files("scorepolis.rulebooks").joinpath(f"library/{name}.yaml").read_text(encoding="utf-8")


def rules_of(book: rulebooks.Rulebook) -> dict[str, rulebooks.Rule]:
    return {rule.id: rule for instrument in book.instruments for rule in instrument.rules}


# ------------------------------------------------------------------------------------------------- the library


def test_names():
    scores = (
        "rongcheng-2019",
        "rongcheng-2021",
        "suining-2010",
        "jinan-dogs",
        "osmanthus",
        "honest-shanghai",
        "myth",
        "sesame",
        "qianjiang",
        "bailu",
        "moli",
    )
    firms = ("comprehensive", "court-2017", "court-2020", "customs", "environment", "penalties-2025", "tax")
    others = (
        "law-only",
        "teaching-town",
        "village-ledger",
        "village-stars",
        "exempt-officials",
        "reality-2020",
        "reality-2025",
        "watchlist",
    )
    comparators = (
        *("us-bureau", "bonus-malus-fr", "bank-internal", "tenant-screening", "welfare-risk", "health-insurance"),
        *("platform-rating", "ad-audience", "people-rank"),
    )
    corporate = (f"corporate-{name}" for name in firms)
    states = ("joint-sanctions-2016", "government-integrity")
    every = (*LISTS, *RESTRICTIONS, *states, *scores, *others, *comparators, *corporate)
    assert rulebooks.names() == tuple(sorted(every))


def test_law_only_adds_nothing():
    assert BOOKS["law-only"].instruments == ()
    assert BOOKS["law-only"].employs == ()


@pytest.mark.parametrize("book", BOOKS.values(), ids=lambda book: book.name)
def test_every_rule_can_be_reached_by_a_record(book):
    for instrument in book.instruments:
        for rule in instrument.rules:
            for behaviour in rule.behaviours:
                assert any(PARAMETERS.may_write(name, behaviour) for name in rule.by or instrument.reach), behaviour


def test_rongcheng_documented_points_are_those_of_the_standard():
    found = {id: rule.points.value for id, rule in rules_of(RONGCHENG).items() if rule.points.status == "documented"}
    assert found == {
        "R01": -20, "R02": -50, "R03": -10, "R05": -20, "R06": -40, "R07": -20, "R08": -30, "R09": -30, "R10": -30,
        "R12": -20, "R13": -50, "R14": -50, "R15": -60, "R16": -100,
    }  # fmt: skip
    for id in found:
        assert "Rongcheng Personal Credit Assessment Standard" in rules_of(RONGCHENG)[id].points.source


def test_every_item_that_was_found_or_recalled_of_rongcheng_has_its_rule():
    """By the numbers of the table of items; the last, the court's list, is no rule but feeds the points."""
    items = [*range(1, 18), *range(20, 27), *range(30, 34), *range(40, 47)]
    assert {f"R{number:02}" for number in items} <= set(rules_of(RONGCHENG))
    assert all(rule.behaviours for rule in rules_of(RONGCHENG).values())


def test_rongcheng_judgments_are_taken_by_the_court_alone():
    """A breach or a debt is one thing, the judgment over it another."""
    rules = rules_of(RONGCHENG)
    assert {id for id, rule in rules.items() if rule.by == ("court",)} == {"R02", "R08", "R13"}
    for judged, owed in (("R02", ["R01"]), ("R08", ["R03", "R04", "R05", "R07"]), ("R13", ["R12"])):
        assert set(rules[judged].behaviours) == {b for id in owed for b in rules[id].behaviours}
        assert all(PARAMETERS.behaviours[b].suit for b in rules[judged].behaviours)


def test_rongcheng_is_fed_by_the_list_of_its_time():
    (instrument,) = RONGCHENG.instruments
    (feed,) = instrument.fed_by
    assert (feed.rulebook, feed.instrument, feed.grade, feed.override) == (LISTS[1], "list", "listed", "D")
    assert (feed.status, "recalled" in feed.reason.lower()) == ("assumed", True)
    assert "ignoring_judgment" not in {b for rule in instrument.rules for b in rule.behaviours}
    assert instrument.override_grades == (0, 1)  # D by the list, C by drink driving


def test_every_feed_of_the_library_finds_its_list():
    for book in BOOKS.values():
        for feed in (feed for instrument in book.instruments for feed in instrument.fed_by):
            (feeder,) = [i for i in BOOKS[feed.rulebook].instruments if i.id == feed.instrument]
            assert feed.grade in feeder.grade_names[:-1]


def test_rongcheng_second_hand_values_are_reported():
    rules = rules_of(RONGCHENG)
    assert (rules["R20"].points.value, rules["R20"].points.status) == (-5, "reported")
    assert (rules["R21"].override.grade, rules["R21"].status) == ("C", "reported")
    (instrument,) = RONGCHENG.instruments
    assert (instrument.start.value, instrument.start.status) == (1000, "reported")


def test_rongcheng_unknown_values_are_assumed():
    rules = rules_of(RONGCHENG)
    for rule in rules.values():
        assert (rule.expires is None) == (rule.points.value == 0)
        assert rule.expires is None or rule.expires.status == "assumed"
        if rule.override:
            assert rule.override.term.status == "assumed"
    unknown = {id for id, rule in rules.items() if rule.points.status == "assumed"}
    assert unknown >= {"R04", "R11", "R17", "R18", "R23", "R24", "R25", "R30", "R31", "R32", "R33"}
    assert unknown >= {"R40", "R41", "R42", "R43", "R44", "R45", "R46"}
    for id in unknown - {"R21"}:
        points = rules[id].points
        assert points.status == "assumed"
        assert points.range[0] < points.range[1]
    (instrument,) = RONGCHENG.instruments
    assert {q.status for grade in instrument.grades for q in grade.quantities()} == {"assumed"}


def test_rongcheng_leaves_out_what_no_text_supports():
    punished = {behaviour for rule in rules_of(RONGCHENG).values() for behaviour in rule.behaviours}
    assert punished.isdisjoint({"heavy_gaming", "criticising_government", "unleashed_dog"})


def test_teaching_town_has_every_part_of_points_and_lists():
    listing, instrument = TOWN.instruments
    rules = instrument.rules
    every = [(i, rule) for i in TOWN.instruments for rule in i.rules]
    assert {behaviour for _, rule in every for behaviour in rule.behaviours} == set(PARAMETERS.behaviours)
    consequences = [consequence for i in TOWN.instruments for consequence in i.consequences]
    assert {consequence.service for consequence in consequences} == set(PARAMETERS.services)
    assert {c.effect for c in instrument.consequences} == {"deny", "delay", "surcharge", "discount", "priority"}
    assert set(instrument.reach) == set(PARAMETERS.sensors)
    assert any(rule.repeat for rule in rules)
    assert any(rule.cap for rule in rules)
    assert any(rule.expires is None for rule in rules)
    assert len(instrument.override_grades) == 2
    assert instrument.transparency == "published"
    assert instrument.publicity.billboard
    assert instrument.publicity.gallery
    assert {rule.term is None for rule in listing.rules} == {True, False}
    assert listing.stock
    assert listing.family
    for part in TOWN.instruments:
        assert part.appeal
        assert any(rule.by for rule in part.rules)
        assert any(rule.legal_basis == "none" for rule in part.rules)
    # A rule with `by` beside one without, and one that stands alone.
    by = {b for rule in listing.rules if rule.by for b in rule.behaviours}
    assert by & {b for rule in listing.rules if not rule.by for b in rule.behaviours}
    assert by - {b for rule in listing.rules if not rule.by for b in rule.behaviours}
    (feed,) = instrument.fed_by
    assert (feed.rulebook, feed.instrument) == (TOWN.name, listing.id)


def denied(name: str) -> set[str]:
    (instrument,) = BOOKS[name].instruments
    return {c.service for c in instrument.consequences if c.effect == "deny"}


def test_restriction_and_list_are_two_things():
    """Flights, trains, hotels, costly schools go with the restriction; publicity and joint sanctions with the list."""
    for restriction, listing in zip(RESTRICTIONS, LISTS, strict=True):
        (restricted,), (listed,) = BOOKS[restriction].instruments, BOOKS[listing].instruments
        assert {"flight", "soft_sleeper", "starred_hotel", "private_school"} <= denied(restriction)
        assert ("fast_train" in denied(restriction)) == ("2013" not in restriction)
        assert restricted.family == ("private_school",)
        assert listed.family == ()
        assert not denied(restriction) & denied(listing)
        assert listed.publicity.billboard
        assert not restricted.publicity.billboard
        # Who is listed is restricted too.
        assert listed.stock.value <= restricted.stock.value
    assert [sorted(denied(name)) for name in LISTS] == [
        ["consumer_loan"],
        ["consumer_loan", "honours", "mortgage", "professional_licence", "public_post"],
        ["consumer_loan", "honours", "mortgage", "public_post"],
        ["consumer_loan", "honours", "mortgage", "public_post"],
    ]


def test_terms_of_the_lists():
    """No term in 2013; since 2017 two years, up to three more, for all grounds but being able and refusing."""
    for name in LISTS:
        (instrument,) = BOOKS[name].instruments
        terms = {rule.id: rule.term for rule in instrument.rules}
        assert terms.pop("J1") is None
        assert set(terms) == (set() if name == LISTS[0] else {"J2", "J3", "J4", "J5", "J6"})
        for term in terms.values():
            assert (term.value, term.range, term.status) == (730, (730, 1825), "reported")
    grounds = [
        {b: rule.term for rule in BOOKS[name].instruments[0].rules for b in rule.behaviours} for name in RESTRICTIONS
    ]
    assert grounds[:3] == [{"unfulfilled_judgment": None}] * 3
    assert grounds[3]["ignoring_judgment"] is None
    assert grounds[3]["unfulfilled_judgment"].status == "assumed"


def test_stocks_are_those_of_the_published_figures():
    stock = {name: BOOKS[name].instruments[0].stock.value for name in LISTS}
    adults = 1_112.8e6
    assert stock[LISTS[0]] == pytest.approx(87_079 / adults, rel=0.03)
    for name in LISTS[1:]:
        assert stock[name] == pytest.approx((13e6 - 3.51e6) / adults, rel=0.01)
    assert BOOKS[RESTRICTIONS[0]].instruments[0].stock.value == pytest.approx(3.4e6 / adults, rel=0.02)


def test_recalled_parts_of_the_lists_never_pass_for_found():
    for name in (*LISTS, *RESTRICTIONS):
        (instrument,) = BOOKS[name].instruments
        assert instrument.stock.status == "assumed"
        for part in (*instrument.rules, *instrument.consequences):
            assert part.status != "documented"
            if part.status == "reported":
                assert "recalled" not in f"{part.source} {part.note}"


# -------------------------------------------------------------------------------- two methods in one place


def test_a_list_is_worked_like_points_from_0_to_1():
    listing = TOWN.instruments[0]
    assert (listing.start.exact, listing.range.lowest.exact, listing.range.highest.exact) == (1, 0, 1)
    assert [(g.grade, g.lowest.exact, g.highest.exact) for g in listing.grades] == [("listed", 0, 0), ("clear", 1, 1)]
    assert (listing.grade_names, listing.override_grades, listing.counted_rules) == (("listed", "clear"), (0, 0), ())
    rule = listing.rules[1]
    assert (rule.points.exact, rule.expires, rule.override.grade, rule.override.term.value) == (0, None, "listed", 25)
    assert [listing.nibble(r) for r in range(5)] == [0, 1, 1, 1, 1]
    # None of it is written into the book.
    assert "start" not in listing.model_dump()
    assert "points" not in rule.model_dump()


# -------------------------------------------------------------------------------------------------- the loader


def test_unknown_name_gives_the_nearest_and_the_list():
    with pytest.raises(InputError) as caught:
        rulebooks.load("rongcheng2019", PARAMETERS)
    assert "did you mean 'rongcheng-2019'?" in str(caught.value)
    assert all(name in str(caught.value) for name in rulebooks.names())


@pytest.mark.parametrize("as_text", [True, False])
def test_a_file_is_read_like_the_library(tmp_path, as_text):
    path = tmp_path / "teaching-town.yaml"
    path.write_text(text_of("teaching-town"), encoding="utf-8")
    assert rulebooks.load(str(path) if as_text else path, PARAMETERS) == TOWN


def test_missing_file_is_said(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        rulebooks.load(tmp_path / "nothing.yaml", PARAMETERS)


@pytest.mark.parametrize(
    ("pattern", "replacement", "words"),
    [
        (r"behaviours: \[fraud\]", "behaviours: [frauds]", ["unknown behaviour 'frauds'", "'fraud'"]),
        (r"method: list", "method: lists", ["unknown method 'lists'", "'points', 'list'", "did you mean 'list'?"]),
        (r"method: points", "methods: points", ["unknown key 'methods'", "did you mean 'method'?"]),
        (r"stock:", "stocks:", ["unknown key 'stocks'", "did you mean 'stock'?"]),
        (r"fed_by:", "fedby:", ["unknown key 'fedby'", "did you mean 'fed_by'?"]),
        (r"term: null", "terms: null", ["unknown key 'terms'", "did you mean 'term'?"]),
        (r"family: \[private_school", "family: [privat_school", ["unknown service 'privat_school'"]),
        (r"by: \[market_inspectors\]", "by: [bank]", ["unknown sensor within reach 'bank'", "tip_off"]),
        (r"legal_basis: none", "legal_basis: some", ["unknown legal_basis 'some'", "'none'"]),
        (r"service: flight", "service: fligth", ["unknown service 'fligth'", "'flight'"]),
        (r"grade: D\n          term", "grade: DD\n          term", ["unknown grade 'DD'", "one of D, C, B, A, AA"]),
        (r"effect: priority", "effect: prioritise", ["prioritise", "'priority'"]),
        (r"tag: stylised", "tag: official", ["official", "'documented'"]),
        (r"notice: true", 'notice: "yes"', ["notice"]),
        (r"value: -45", "value: .nan", ["points", "nan"]),
        (r"range: \[-60, -30\]", "range: [-40, -30]", ["-45", "[-40, -30]"]),
        (r"most: \{value: 1,", "most: {value: 16,", ["outside its range"]),
        (r"expires: null", "expire: null", ["unknown key 'expire'", "'expires'"]),
        (r"from: 2019-01-01, until: null", "from: 2019-01-01, until: 2018-01-01", ["ends before it begins"]),
    ],
)
def test_a_fault_is_told_with_its_line(pattern, replacement, words):
    text = text_of("teaching-town")
    place = re.search(pattern, text)
    assert place
    line = text[: place.start()].count("\n") + 1
    changed = text[: place.start()] + replacement + text[place.end() :]
    with pytest.raises(InputError) as caught:
        rulebooks.load_text(changed, "teaching-town.yaml", PARAMETERS)
    message = str(caught.value)
    assert message.startswith("teaching-town.yaml:")
    assert caught.value.line == line
    assert all(word in message for word in words), message


# What stands once in the teaching town, what stands there instead, and what is said of it.
MISFITS = {
    "family not denied": ("family: [private_school, ", "family: [fast_train, ", "the family is denied fast_train"),
    "stock above 1": ("value: 0.03, unit: share of those in scope, status: assumed, range: [0, 0.2]",
                      "value: 3, unit: share of those in scope, status: assumed, range: [0, 9]", "a share from 0 to 1"),
    "upheld above 1": ("value: 0.7, unit: share of appeals, status: assumed, range: [0, 1]",
                       "value: 7, unit: share of appeals, status: assumed, range: [0, 9]", "a share from 0 to 1"),
    "appeal at once": ("value: 8, unit: days, status: assumed, range: [1, 20]",
                       "value: 0, unit: days, status: assumed, range: [0, 20]", "0 for the days of an appeal"),
    "fed by itself": ("instrument: teaching-list", "instrument: points", "fed by an unknown instrument 'points'"),
    "fed at no grade": ("grade: listed\n        override", "grade: lost\n        override", "unknown grade 'lost'"),
    "fed to a third": ("override: C", "override: B", "overrides to 3 grades (C, D, B)"),
    "feed unattested": ("        status: assumed\n        reason: Who is", "        reason: Who is",
                        "the feed from teaching-town does not say where it comes from"),
    "two for all": ("behaviours: [fraud]\n        by: [court]", "behaviours: [fraud]",
                    "in rule L3 and again in rule L4"),
    "two for one": ("behaviours: [fraud]\n        term", "behaviours: [fraud]\n        by: [court]\n        term",
                    "'fraud' by the sensor 'court' stands in rule L3 and again in rule L4"),
    "unending": ("term: {value: 25, unit: days, status: assumed, range: [10, 60], reason: \"The override outlives",
                 "term: null  # {", "the override of rule T03 never ends"),
    "no day": ("value: 12, unit: days, status: assumed, range: [5, 30]",
               "value: 0, unit: days, status: assumed, range: [0, 30]", "0 for the term of rule L3"),
    "ground unattested": ("        status: assumed\n        reason: A list without a term\n", "",
                          "rule L1 does not say"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "words"), MISFITS.values(), ids=list(MISFITS))
def test_what_does_not_fit_together_is_refused(old, new, words):
    text = text_of("teaching-town")
    assert text.count(old) == 1
    with pytest.raises(InputError) as caught:
        rulebooks.load_text(text.replace(old, new), "teaching-town.yaml", PARAMETERS)
    assert words in str(caught.value)
    assert caught.value.line


def test_a_list_needs_a_ground():
    with pytest.raises(InputError, match="rules"):
        TOWN.instruments[0].with_(rules=[])


# ---------------------------------------------------------------------------------- copies, digests, provenance


def test_a_rulebook_is_frozen():
    with pytest.raises(ValidationError):
        TOWN.title = "Another"


def test_with_gives_a_changed_copy():
    before = TOWN.digest()
    changed = TOWN.with_(title="Another town")
    assert (changed.title, TOWN.title) == ("Another town", "Teaching town")
    assert changed.instruments == TOWN.instruments
    assert changed.digest() != before
    assert TOWN.digest() == before
    assert changed.with_(title="Teaching town").digest() == before


def test_with_takes_plain_data():
    assert TOWN.with_(instruments=[]).instruments == ()
    assert str(TOWN.with_(in_force={"from": "2020-02-03"}).in_force.from_) == "2020-02-03"


def test_with_refuses_what_does_not_fit():
    with pytest.raises(InputError, match=r"no field 'titel'.*did you mean 'title'"):
        TOWN.with_(titel="Another")
    with pytest.raises(InputError, match="tag"):
        TOWN.with_(tag="true")


def test_digest_is_of_the_content():
    text = text_of("teaching-town")
    again = rulebooks.load_text("# a remark\n" + text, "teaching-town.yaml", PARAMETERS)
    assert again.digest() == TOWN.digest()
    assert re.fullmatch(r"[0-9a-f]{64}", TOWN.digest())
    assert len({book.digest() for book in BOOKS.values()}) == len(BOOKS)
    other = rulebooks.load_text(text.replace("value: -45", "value: -46"), "teaching-town.yaml", PARAMETERS)
    assert other.digest() != TOWN.digest()


# ----------------------------------------------------------------------------------------------- JSON Schema


def complaints(schema: dict, data: object, root: dict, where: str = "$") -> list[str]:
    """Check data against the part of JSON Schema that the rulebook's schema uses."""
    if "$ref" in schema:
        target = root
        for key in schema["$ref"].removeprefix("#/").split("/"):
            target = target[key]
        return complaints(target, data, root, where)
    if "anyOf" in schema or "oneOf" in schema:
        tried = [complaints(option, data, root, where) for option in schema.get("anyOf") or schema["oneOf"]]
        return [] if [] in tried else min(tried, key=len)
    kinds = {
        "object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool,
        "null": type(None),
    }  # fmt: skip
    found: list[str] = []
    kind = schema.get("type")
    if kind and (not isinstance(data, kinds[kind]) or (isinstance(data, bool) and kind != "boolean")):
        return [f"{where}: not {kind}"]
    if "const" in schema and data != schema["const"]:
        found.append(f"{where}: not {schema['const']}")
    if "enum" in schema and data not in schema["enum"]:
        found.append(f"{where}: not one of {schema['enum']}")
    if isinstance(data, str) and "pattern" in schema and not re.search(schema["pattern"], data):
        found.append(f"{where}: not like {schema['pattern']}")
    if isinstance(data, list):
        if not schema.get("minItems", 0) <= len(data) <= schema.get("maxItems", len(data)):
            found.append(f"{where}: {len(data)} items")
        prefix = schema.get("prefixItems", [])
        for n, item in enumerate(data):
            inner = prefix[n] if n < len(prefix) else schema.get("items", {})
            found += complaints(inner, item, root, f"{where}[{n}]")
    if isinstance(data, dict):
        found += [f"{where}: {key} is missing" for key in schema.get("required", []) if key not in data]
        for key, value in data.items():
            if key in schema.get("properties", {}):
                found += complaints(schema["properties"][key], value, root, f"{where}.{key}")
            elif schema.get("additionalProperties") is False:
                found.append(f"{where}: unknown key {key}")
    return found


def plain(data: object) -> object:
    """Dates as an editor sees them: text."""
    if isinstance(data, dict):
        return {key: plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [plain(item) for item in data]
    return data.isoformat() if hasattr(data, "isoformat") else data


@pytest.mark.parametrize("name", rulebooks.names())
def test_json_schema_accepts_the_library(name):
    schema = rulebooks.json_schema()
    data = plain(read_text(text_of(name), name).data)
    assert complaints(schema, data, schema) == []


@pytest.mark.parametrize("fault", ["unknown-key", "not-version-1", "points-without-status"])
def test_json_schema_refuses_faults_of_form(fault):
    schema = rulebooks.json_schema()
    path = Path(__file__).parent / "broken" / "rulebooks" / f"{fault}.yaml"
    assert complaints(schema, plain(read_text(path.read_text(encoding="utf-8"), fault).data), schema) != []


def test_json_schema_says_which_dialect():
    assert rulebooks.json_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
