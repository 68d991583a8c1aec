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


def text_of(name: str) -> str:
    return files("scorepolis.rulebooks").joinpath(f"library/{name}.yaml").read_text(encoding="utf-8")


def rules_of(book: rulebooks.Rulebook) -> dict[str, rulebooks.Rule]:
    return {rule.id: rule for instrument in book.instruments for rule in instrument.rules}


# ------------------------------------------------------------------------------------------------- the library


def test_names():
    assert rulebooks.names() == ("law-only", "rongcheng-2019", "teaching-town")


def test_law_only_adds_nothing():
    assert BOOKS["law-only"].instruments == ()
    assert BOOKS["law-only"].employs == ()


@pytest.mark.parametrize("book", [RONGCHENG, TOWN], ids=lambda book: book.name)
def test_every_rule_can_be_reached_by_a_record(book):
    for instrument in book.instruments:
        for rule in instrument.rules:
            for behaviour in rule.behaviours:
                assert any(behaviour in PARAMETERS.sensors[name].sees for name in instrument.reach), behaviour


def test_rongcheng_documented_points_are_those_of_the_standard():
    found = {id: rule.points.value for id, rule in rules_of(RONGCHENG).items() if rule.points.status == "documented"}
    assert found == {"R01": -20, "R03": -10, "R09": -30, "R12": -20}
    for id in found:
        assert "Rongcheng Personal Credit Assessment Standard" in rules_of(RONGCHENG)[id].points.source


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
    for id in ("R15", "R22", "R30", "R31", "R32", "R40", "R41", "R42", "R44", "R45", "R46", "R47"):
        points = rules[id].points
        assert points.status == "assumed"
        assert points.range[0] < points.range[1]
    (instrument,) = RONGCHENG.instruments
    assert {q.status for grade in instrument.grades for q in grade.quantities()} == {"assumed"}


def test_rongcheng_leaves_out_what_no_text_supports():
    punished = {behaviour for rule in rules_of(RONGCHENG).values() for behaviour in rule.behaviours}
    assert punished.isdisjoint({"heavy_gaming", "criticising_government", "unleashed_dog"})


def test_teaching_town_has_every_part_of_a_points_scheme():
    (instrument,) = TOWN.instruments
    rules = instrument.rules
    assert {behaviour for rule in rules for behaviour in rule.behaviours} == set(PARAMETERS.behaviours)
    assert {consequence.service for consequence in instrument.consequences} == set(PARAMETERS.services)
    assert {c.effect for c in instrument.consequences} == {"deny", "delay", "surcharge", "discount", "priority"}
    assert set(instrument.reach) == set(PARAMETERS.sensors)
    assert any(rule.repeat for rule in rules)
    assert any(rule.cap for rule in rules)
    assert any(rule.expires is None for rule in rules)
    assert len(instrument.override_grades) == 2
    assert instrument.transparency == "published"
    assert instrument.publicity.billboard
    assert instrument.publicity.gallery


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
    if "anyOf" in schema:
        tried = [complaints(option, data, root, where) for option in schema["anyOf"]]
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
