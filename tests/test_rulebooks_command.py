"""`scorepolis rulebooks`: list, show, check, cases, diff, schema, new."""

from __future__ import annotations

import json
import re
import time
from importlib.resources import files
from pathlib import Path

import pytest
from tests.test_audit import BASE, LISTED
from tests.test_rulebook_cases import replay as replayed
from typer.testing import CliRunner

from scorepolis import cli, parameters, rulebooks
from scorepolis.core.errors import InputError
from scorepolis.core.yamlfile import read_text
from scorepolis.report.rulebooks import checking, replay, template
from scorepolis.report.rulebooks.differing import Difference, diff
from scorepolis.rulebooks.cases import Case, CaseRecord
from scorepolis.rulebooks.naming import unknown_names

PARAMETERS = parameters.load()
BROKEN = sorted((Path(__file__).parent / "broken" / "rulebooks").glob("*.yaml"))


def call(*arguments):
    return CliRunner().invoke(cli.app, ["rulebooks", *map(str, arguments)])


def book(text: str):
    return rulebooks.load_text(text, "base.yaml", PARAMETERS)


# ------------------------------------------------------------------------------------------------------ list and show


@pytest.mark.parametrize("arguments", [[], ["list"]])
def test_without_a_command_the_books_are_listed(arguments):
    result = call(*arguments)
    assert result.exit_code == 0
    assert "teaching-town" in result.stdout


def test_the_list_as_json_names_every_book():
    assert [row["name"] for row in json.loads(call("list", "--json").stdout)] == list(rulebooks.names())


@pytest.mark.parametrize("name", rulebooks.names())
def test_a_book_is_told_with_every_rule_service_and_channel(name):
    result = call("show", name)
    assert result.exit_code == 0, result.output
    whole = rulebooks.load(name, PARAMETERS)
    words = result.stdout.split()
    for instrument in whole.instruments:
        for rule in instrument.rules:
            assert rule.id in words
        for consequence in instrument.consequences:
            assert consequence.service in words
        for channel, _ in instrument.publicity.channels():
            assert channel in words


def test_a_book_as_json_is_the_book():
    data = json.loads(call("show", "defaulter-list-2024", "--json").stdout)
    whole = rulebooks.load("defaulter-list-2024", PARAMETERS)
    assert data.pop("sha256") == whole.digest()
    assert rulebooks.Rulebook.model_validate(data) == whole


def test_an_unknown_book_is_wrong_input():
    result = call("show", "rongcheng")
    assert result.exit_code == 2
    assert "did you mean 'rongcheng-2021'?" in result.stderr


# --------------------------------------------------------------------------------------------------------------- check


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_book_is_told_with_place_caret_and_words(path):
    result = call("check", path)
    assert result.exit_code == 2
    # What stands in one line of an error stands here in lines of its own.
    told = " ".join(re.sub(r"nearest: (.*)", r"did you mean '\1'?", result.stdout).split()).replace(
        "expected: ", "expected "
    )
    first = path.read_text(encoding="utf-8").splitlines()[0]
    for part in first.removeprefix("# expect: ").split(" | "):
        assert part in told
    text = path.read_text(encoding="utf-8").splitlines()
    errors = checking.check(str(path))
    assert f"{path}:{errors[0].line}:{errors[0].column}: " in result.stdout
    if errors[0].line and errors[0].line <= len(text):
        shown = [line for line in result.stdout.splitlines() if line.startswith("  | ")]
        assert shown[1].index("^") - 4 == (errors[0].column or 0) - 1
        assert shown[0][4:] == text[errors[0].line - 1]


def test_every_fault_is_told_not_the_first_only():
    text = BASE.replace("notice: true", "notice: 7").replace("transparency: published", "transparency: public")
    document = read_text(text.replace("title:", "titel:"), "base.yaml")
    found = rulebooks.problems(document, PARAMETERS)
    assert [error.line for error in found] == [1, 3, 14, 15]
    assert [error.nearest for error in found][1:3] == ["title", "published"]


def test_names_are_told_beside_what_is_invalid_by_itself():
    text = BASE.replace("service: mortgage", "service: morgage").replace("[illegal_lending]", "[ilegal_lending]")
    found = rulebooks.problems(read_text(text.replace("notice: true", "notice: 7"), "base.yaml"), PARAMETERS)
    assert [error.line for error in found] == sorted(error.line for error in found)
    assert {error.nearest for error in found if error.nearest} == {"illegal_lending", "mortgage"}
    assert any("notice" in error.message for error in found)


@pytest.mark.parametrize("subject", ["firms", "bodies"])
def test_of_firms_and_bodies_names_are_their_own(subject):
    part = {
        "reach": ["neighbour", 7, None],
        "rules": [{"behaviours": ["theft"]}],
        "consequences": {"service": "flight"},
    }
    told = [fault.message for fault in unknown_names({subject: [part], "employs": 3, "titel": "x"}, PARAMETERS)]
    assert told == ["unknown sensor 'neighbour'", "unknown behaviour 'theft'", "unknown service 'flight'"]
    assert list(unknown_names([part], PARAMETERS)) == []


def test_what_does_not_fit_together_is_told_in_the_order_of_the_file():
    text = BASE.replace("service: mortgage", "service: morgage").replace("[illegal_lending]", "[ilegal_lending]")
    found = rulebooks.problems(read_text(text, "other.yaml"), PARAMETERS)
    assert [error.line for error in found] == sorted(error.line for error in found)
    assert {error.nearest for error in found} == {None, "illegal_lending", "mortgage"}
    assert "named 'base'" in found[0].message


@pytest.mark.parametrize("name", rulebooks.names())
def test_the_library_has_no_fault_and_is_checked_fast(name):
    checking.check("law-only")  # parameters are read once
    start = time.perf_counter()
    assert checking.check(name) == ()
    assert time.perf_counter() - start < 0.3
    assert call("check", name).exit_code == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a: [", "malformed YAML"),
        (b"a: \xff", "not UTF-8"),
        (b"", "empty"),
        (b"a: 1\na: 2", "stands twice"),
        (b"version: 1\n\tname: x", "malformed YAML"),
    ],
)
def test_what_is_no_yaml_is_told_with_its_line(tmp_path, content, words):
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    result = call("check", path)
    assert result.exit_code == 2
    assert words in result.stdout
    assert "Traceback" not in result.output


def test_a_file_that_is_not_there_is_wrong_input():
    result = call("check", "nowhere.yaml")
    assert result.exit_code == 2
    assert "does not exist" in result.stderr


def test_a_long_line_is_cut_around_the_caret(tmp_path):
    path = tmp_path / "base.yaml"
    path.write_text(BASE.replace("notice: true", f"{' ' * 400}notice: true"), encoding="utf-8")
    lines = list(checking.lines(checking.check(str(path))))
    assert all(len(line) < 400 for line in lines)


@pytest.mark.parametrize("name", [name for name in rulebooks.names() if name.startswith("corporate-")])
def test_a_book_of_firms_is_told_rule_by_rule(name):
    result = call("show", name)
    assert result.exit_code == 0
    for firm in rulebooks.load(name, PARAMETERS).firms:
        assert f"{firm.id} (" in result.stdout
        assert all(f"\n{rule.id} " in result.stdout for rule in firm.rules)


def test_a_book_of_public_bodies_is_told_rule_by_rule():
    result = call("show", "government-integrity")
    assert result.exit_code == 0
    for body in rulebooks.load("government-integrity", PARAMETERS).bodies:
        assert f"{body.id} (" in result.stdout
        assert all(f"\n{rule.id} " in result.stdout for rule in body.rules)
        assert not body.quota or f"{body.quota.value} reports per 1,000 residents" in result.stdout


# --------------------------------------------------------------------------------------------------------------- cases


OF_PEOPLE = [name for name in rulebooks.names() if rulebooks.load(name, PARAMETERS).instruments]
"""The other reading is of people's records; those of firms are compared in a whole run, by the oracle."""


@pytest.mark.parametrize("name", OF_PEOPLE)
def test_cases_come_out_as_in_the_other_reading_of_the_rules(name):
    whole = rulebooks.load(name, PARAMETERS)
    for case in rulebooks.load_cases(whole, PARAMETERS).cases:
        if case.is_of_body(whole):
            continue
        ours, theirs = (
            replay.replay(whole, case, PARAMETERS),
            replayed([whole], case.records, case.day, case.attributes),
        )
        for instrument in whole.instruments:
            one, other = ours[instrument.id], theirs[f"{name}.{instrument.id}"]
            assert (one.score, one.grade, one.rules) == (other.score, other.grade, other.rules)


@pytest.mark.parametrize("name", rulebooks.names())
def test_cases_of_each_book_hold_and_reach_all_its_rules(name):
    assert replay.report(name).good
    assert replay.report(name).unreached == ()


def test_all_cases_of_the_library():
    result = call("cases")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == len(rulebooks.names())


CASES = """\
version: 1
rulebook: base
cases:
  - name: lending once
    records:
      - {day: 0, behaviour: illegal_lending, sensor: court}
    expect: {score: 85, grade: B, rules: [R1]}
"""


@pytest.mark.parametrize(
    ("score", "code", "words"), [(85, 0, "1 of 1"), (80, 1, "expected 80 points, B, by R1; found 85")]
)
def test_the_cases_beside_a_file(tmp_path, score, code, words):
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "base.cases.yaml").write_text(CASES.replace("85", str(score)), encoding="utf-8")
    result = call("cases", tmp_path / "base.yaml")
    assert result.exit_code == code, result.output
    assert words in result.stdout
    data = json.loads(call("cases", tmp_path / "base.yaml", "--json").stdout)
    assert data[0]["good"] == (code == 0)


def test_a_file_without_cases_is_wrong_input(tmp_path):
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    result = call("cases", tmp_path / "base.yaml")
    assert result.exit_code == 2
    assert "base.cases.yaml: the file does not exist" in result.stderr


def test_a_rule_without_a_case_is_told(tmp_path):
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "base.cases.yaml").write_text("version: 1\nrulebook: base\ncases: []\n", encoding="utf-8")
    assert "no case reaches points.R1" in call("cases", tmp_path / "base.yaml").stdout


def test_cases_are_no_door_for_many_records():
    record = CaseRecord(day=0, behaviour="illegal_lending", sensor="court")
    many = Case(name="many", records=(record,) * 101, expect={"": {"score": 0, "grade": "C", "rules": []}})
    with pytest.raises(InputError, match="100 at most"):
        replay.replay(book(BASE), many, PARAMETERS)


# ---------------------------------------------------------------------------------------------------------------- diff


def test_books_that_say_the_same_do_not_differ():
    assert diff(book(BASE), book(f"# laid out otherwise\n{BASE}")) == ()
    assert call("diff", "law-only", "law-only").stdout == "They say the same.\n"


def test_what_changed_is_told_rule_by_rule():
    changed = BASE.replace("value: -15, unit: points, status: documented, range: [-15, -15]",
                           "value: -20, unit: points, status: documented, range: [-20, -20]")  # fmt: skip
    assert diff(book(BASE), book(changed)) == (
        Difference("points.rules.R1.points", "-15 points", "-20 points"),
        Difference("points.rules.R1.points range", "-15 to -15", "-20 to -20"),
    )


def test_what_came_and_went_is_told():
    more = BASE.replace("    appeal:", "    publicity:\n      billboard:\n        grades: [C]\n        price_of_shame: "
                        "{value: 9, unit: yuan, status: reported, range: [0, 9], source: A}\n    appeal:")  # fmt: skip
    came = diff(book(BASE), book(more))
    assert ("points.publicity.billboard.grades", None, "C") in came
    assert all(one.line().startswith("+ ") for one in came)
    assert all(one.line().startswith("- ") for one in diff(book(more), book(BASE)))


def test_rules_are_matched_by_name_wherever_they_stand():
    rules = BASE[BASE.index("      - id: R1") : BASE.index("    consequences:")]
    two = rules.replace("id: R1", "id: R2").replace("illegal_lending", "pyramid_selling")
    one, other = BASE.replace(rules, rules + two), BASE.replace(rules, two + rules)
    assert diff(book(one), book(other)) == ()


def test_single_instruments_are_matched_whatever_they_are_called():
    renamed = book(BASE.replace("- id: points", "- id: marks"))
    assert diff(book(BASE), renamed) == (Difference("marks.id", "points", "marks"),)


def test_what_is_done_to_firms_is_told_rule_by_rule_too():
    court = diff(*(rulebooks.load(f"corporate-court-{year}", PARAMETERS) for year in (2017, 2020)))
    assert ("firms.list.binds.defaulter-list-2017 list at listed.grade", "listed", None) in court
    came = {one.path for one in court if one.before is None}
    both = {f"firms.restriction.binds.spending-restriction-{year} restriction at listed.grade" for year in (2020, 2024)}
    assert both <= came

    tax = rulebooks.load("corporate-tax", PARAMETERS)
    (rating,) = tax.firms
    rules = [rule.with_(assign="C") if rule.id == "T3" else rule for rule in reversed(rating.rules)]
    twice = rating.inspections[0].share.model_copy(update={"value": 0.2})
    looks = [look.with_(share=twice) if "D" in look.grades else look for look in rating.inspections]
    slower = rating.appeal.with_(months=rating.appeal.months.model_copy(update={"value": 2}))
    other = tax.with_(firms=[rating.with_(id="marks", rules=rules, inspections=looks, appeal=slower)])
    assert set(diff(tax, other)) == {
        Difference("firms.marks.id", "rating", "marks"),
        Difference(
            "firms.marks.inspections.by tax_audit at D.share", *(f"{n} share of firms a month" for n in (0.1, 0.2))
        ),
        Difference("firms.marks.appeal.months", "1 months", "2 months"),
        Difference("firms.marks.rules.T3.assign", "D", "C"),
    }


def test_methods_differ():
    paths = {one.path for one in diff(book(BASE), book(LISTED))}
    assert "list.method" in paths
    assert "list.rules.J1.term" in paths


def test_diff_on_the_command_line():
    result = call("diff", "spending-restriction-2020", "spending-restriction-2024")
    assert "~ restriction.rules.S1.behaviours: unfulfilled_judgment -> ignoring_judgment" in result.stdout.splitlines()
    rows = json.loads(call("diff", "spending-restriction-2020", "spending-restriction-2024", "--json").stdout)
    assert {"path": "restriction.rules.S2.term", "before": None, "after": "180 days"} in rows
    assert call("diff", "law-only", "nothing").exit_code == 2


# ------------------------------------------------------------------------------------------------------ schema and new


def test_the_schema_is_printed_whole_and_refers_to_nothing_that_is_not_in_it():
    schema = json.loads(call("schema").stdout)
    assert schema == json.loads(json.dumps(rulebooks.json_schema()))
    refs = set(re.findall(r'"\$ref": "([^"]*)"', json.dumps(schema)))
    assert refs
    assert {ref.removeprefix("#/$defs/") for ref in refs} <= schema["$defs"].keys()
    assert schema["properties"].keys() == {
        field.alias or name for name, field in rulebooks.Rulebook.model_fields.items()
    }
    assert {"check", "reason"} == set(schema["$defs"]["Accepted"]["required"])


def test_a_new_book_is_commented_passes_check_and_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = call("new", "my-town")
    assert result.exit_code == 0, result.output
    text = Path("my-town.yaml").read_text(encoding="utf-8")
    assert text.count("#") > 10
    assert "NAME" not in text
    assert call("check", "my-town.yaml").exit_code == 0
    assert rulebooks.load("my-town.yaml", PARAMETERS).name == "my-town"


def test_what_is_commented_out_in_the_template_is_right_too():
    text = template.text("my-town")
    for line in ("exempt: [party]", "legal_basis: none"):
        assert f"# {line}" in text
        text = text.replace(f"# {line}", line, 1)
    accepted = text[text.index("# accepted:") :]
    text = text.replace(accepted, accepted.replace("# ", ""))
    whole = rulebooks.load_text(text, "my-town.yaml", PARAMETERS)
    assert whole.accepted[0].check == "number-without-source"
    assert whole.instruments[0].scope.exempt == ("party",)


def test_a_file_that_is_there_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("my-town.yaml").write_text("mine", encoding="utf-8")
    result = call("new", "my-town")
    assert result.exit_code == 2
    assert "there already" in result.stderr
    assert Path("my-town.yaml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["My Town", "../x", "", "x.yaml", "a--b", "-"])
def test_what_cannot_be_a_name_is_refused(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    result = call("new", "--", name)
    assert result.exit_code == 2
    assert "cannot be the name" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_template_comes_with_the_package():
    assert files("scorepolis.report.rulebooks").joinpath("template.yaml").is_file()
