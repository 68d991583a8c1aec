"""The audit without running: every check in a rulebook that has the fault, and in its twin in which it is mended."""

from __future__ import annotations

import json
import re
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scorepolis import cli, parameters, rulebooks
from scorepolis.audit import CHECKS, SEVERITIES, audit, law
from scorepolis.audit.conditions import ANSWERS, MET, NOT_MET, UNTOLD
from scorepolis.audit.page import page
from scorepolis.audit.reference import renewed
from scorepolis.audit.static import NO_FINDING, audit_document
from scorepolis.audit.words import lines
from scorepolis.core.errors import InputError
from scorepolis.core.yamlfile import read_text

PARAMETERS = parameters.load()
LAW = law.load()
PAGE = Path(__file__).parents[1] / "docs" / "audit.md"
runner = CliRunner()

BASE = """\
version: 1
name: base
title: A book without a finding
purpose: To show a book in which no check finds anything
legal_basis: Law on Contracts, Article 7
in_force: {from: 2022-01-01, until: null}
tag: stylised
employs: []
instruments:
  - id: points
    method: points
    subject: person
    scope: {min_age: {value: 18, unit: years, status: documented, range: [18, 18], source: Article 1}, migrants: true}
    transparency: published
    notice: true
    start: {value: 100, unit: points, status: documented, range: [100, 100], source: Article 2}
    range:
      lowest: {value: 0, unit: points, status: documented, range: [0, 0], source: Article 2}
      highest: {value: 110, unit: points, status: documented, range: [110, 110], source: Article 2}
    grades:
      - grade: C
        lowest: {value: 0, unit: points, status: documented, range: [0, 0], source: Article 2}
        highest: {value: 59, unit: points, status: documented, range: [59, 59], source: Article 2}
      - grade: B
        lowest: {value: 60, unit: points, status: documented, range: [60, 60], source: Article 2}
        highest: {value: 89, unit: points, status: documented, range: [89, 89], source: Article 2}
      - grade: A
        lowest: {value: 90, unit: points, status: documented, range: [90, 90], source: Article 2}
        highest: {value: 110, unit: points, status: documented, range: [110, 110], source: Article 2}
    reach: [court]
    rules:
      - id: R1
        text: Lending without a licence, as found by a court
        behaviours: [illegal_lending]
        by: [court]
        points: {value: -15, unit: points, status: documented, range: [-15, -15], source: Article 3}
        expires: {value: 365, unit: days, status: documented, range: [365, 365], source: Article 3}
    consequences:
      - service: mortgage
        grades: [B]
        effect: surcharge
        percent: {value: 5, unit: percent, status: documented, range: [5, 5], source: Article 4}
      - {service: mortgage, grades: [C], effect: deny, status: documented, source: Article 4}
    appeal:
      days: {value: 30, unit: days, status: documented, range: [30, 30], source: Article 5}
      upheld_wrong: {value: 0.7, unit: share, status: reported, range: [0, 1], source: A report}
      upheld_other: {value: 0.1, unit: share, status: reported, range: [0, 1], source: A report}
"""

LISTED = """\
version: 1
name: base
title: A list without a finding
purpose: To show a list in which no check finds anything
legal_basis: Law on Judgments, Article 7
in_force: {from: 2022-01-01, until: null}
tag: stylised
employs: []
instruments:
  - id: list
    method: list
    subject: person
    scope: {min_age: {value: 18, unit: years, status: documented, range: [18, 18], source: Article 1}, migrants: true}
    transparency: published
    notice: true
    reach: [court]
    rules:
      - id: J1
        text: Able to perform a judgment and does not
        behaviours: [ignoring_judgment]
        term: {value: 730, unit: days, status: documented, range: [730, 730], source: Article 3}
    publicity:
      billboard:
        grades: [listed]
        price_of_shame: {value: 100, unit: yuan a year, status: reported, range: [0, 900], source: A report}
    appeal:
      days: {value: 30, unit: days, status: documented, range: [30, 30], source: Article 5}
      upheld_wrong: {value: 0.7, unit: share, status: reported, range: [0, 1], source: A report}
      upheld_other: {value: 0.1, unit: share, status: reported, range: [0, 1], source: A report}
"""


NINE = "{value: 9, unit: points, status: documented, range: [9, 9], source: Article 3}"
WEIGHTED = (
    BASE[: BASE.index("    start:")].replace("points", "weighted")
    + f"""\
{BASE[BASE.index("    range:") : BASE.index("    rules:")]}    dimensions:
      - id: lending
        text: Lending
        weight: {NINE}
        records:
          - id: R1
            text: Lending without a licence, as found by a court
            behaviours: [illegal_lending]
            by: [court]
            window: {NINE}
            weight: {NINE}
            worst: {NINE}
            best: {NINE.replace("9", "0")}
{BASE[BASE.index("    consequences:") :]}"""
)


def register(attribute: str) -> tuple[tuple[str, str], ...]:
    """Put a feature of the register behind those of records."""
    worst_and_best = f"worst: {number(0)}, best: {number(1)}"
    entry = f"{{id: A1, text: Registered, attribute: {attribute}, weight: {number(1)}, {worst_and_best}}}"
    return (("    consequences:\n", f"        attributes:\n          - {entry}\n    consequences:\n"),)


def number(value: object, unit: str = "points") -> str:
    return f"{{value: {value}, unit: {unit}, status: documented, range: [{value}, {value}], source: A text}}"


def rule(name: str, behaviour: str, points: int, more: str = "", by: str = "court") -> str:
    """A rule of points to stand behind the others of the base."""
    return (
        f"      - id: {name}\n        text: Another rule\n        behaviours: [{behaviour}]\n        by: [{by}]\n"
        f"        points: {number(points)}\n        expires: {number(365, 'days')}\n{more}"
    )


def cap(most: int) -> str:
    return f"        cap: {{window: {number(365, 'days')}, most: {number(most, 'records')}}}\n"


def discretion(lowest: object, highest: object) -> str:
    bounds = [f"{name}: {'null' if v is None else number(v)}" for name, v in (("lowest", lowest), ("highest", highest))]
    return f"        discretion: {{{', '.join(bounds)}}}\n"


def with_rules(*rules: str) -> tuple[tuple[str, str], ...]:
    """Put further rules behind those of the base."""
    return (("    consequences:\n", "".join(rules) + "    consequences:\n"),)


BY = "        by: [court]\n"
POINTS_15 = "{value: -15, unit: points, status: documented, range: [-15, -15], source: Article 3}"
EXPIRES = "expires: {value: 365, unit: days, status: documented, range: [365, 365], source: Article 3}"
START = "start: {value: 100, unit: points, status: documented, range: [100, 100], source: Article 2}"
ENDLESS = "term: null\n        status: reported\n        source: A text"
TERM = "term: {value: 730, unit: days, status: documented, range: [730, 730], source: Article 3}"
AGE = "{value: 18, unit: years, status: documented, range: [18, 18], source: Article 1}"
APPEAL = BASE[BASE.index("    appeal:") :]
SURCHARGE = BASE[BASE.index("      - service: mortgage") : BASE.index("      - {service: mortgage")]
REFUSED = """\
    consequences:
      - {service: private_school, grades: [listed], effect: deny, status: reported, source: A text}
"""
PUBLICITY = "    publicity:\n"
REACH = ("reach: [court]", "reach: [court, market_inspectors]")
UNABLE = (
    "      - id: J2\n        text: Not performed\n        behaviours: [unfulfilled_judgment]\n"
    f"        term: {number(180, 'days')}\n"
)


def repair(general: str, serious: str, more: str = "") -> list[tuple[str, str]]:
    """Let the points be repaired, and put a rule of the other class behind the first."""
    said = f"""\
    repair:
      asks: {number(0.1, "share a month")}
      granted: {number(0.9, "share of applications")}
      days: {number(10, "days")}
      minor: null
      general: {general}
      serious: {serious}
{more}"""
    graver = rule("R2", "selling_counterfeits", -15, "        severity: serious\n")
    return [("    reach:", f"{said}    reach:"), (BY, BY + "        severity: general\n"), *with_rules(graver)]


def after(days: int, by: str = "pledge") -> str:
    return f"{{after: {number(days, 'days')}, by: [{by}]}}"


COURSE = f"      course: {{costs: {number(300, 'yuan')}}}\n"

# Check: the base, what makes the fault, the words on the line where it is found, what the mended twin has instead.
TWINS = {
    "number-without-source": (BASE, [("status: documented, range: [100, 100], source: Article 2",
                                      "status: assumed, range: [100, 100], reason: Ours")], "start:", []),
    "purpose-missing": (BASE, [("purpose: To show a book in which no check finds anything", "purpose: None.")],
                        "purpose:", []),
    "legal-basis-missing": (BASE, [("Law on Contracts, Article 7", "None; a draft")], "legal_basis:", []),
    "rule-without-legal-basis": (BASE, [(BY, BY + "        legal_basis: none\n")], "        legal_basis:",
                                 [(BY, BY + "        legal_basis: Law on Contracts, Article 9\n")]),
    "no-expiry": (BASE, [(EXPIRES, "expires: null")], "expires: null", []),
    "no-notice": (BASE, [("notice: true", "notice: false")], "notice:", []),
    "no-appeal": (BASE, [(APPEAL, "")], "- id: points", []),
    "list-without-exit": (LISTED, [("ignoring_judgment", "hiding_assets"), (TERM, ENDLESS)], "term: null",
                          [("ignoring_judgment", "hiding_assets")]),
    "repair-not-graded": (BASE, repair(after(90), after(90)), "    repair:", repair(after(30), after(90))),
    "repair-for-money": (BASE, repair(after(30), after(90, "course"), COURSE), "      serious:",
                         repair(after(30), after(90, "pledge, course"), COURSE)),
    "secret-rules": (BASE, [("published", "secret")], "transparency:", []),
    "rules-partly-published": (BASE, [("published", "partly")], "transparency:", []),
    "discretion-without-bounds": (BASE, [(BY, BY + discretion(None, -5))], "discretion:",
                                  [(BY, BY + discretion(-20, -5))]),
    "discretion-too-wide": (BASE, [(BY, BY + discretion(-26, -5))], "discretion:", [(BY, BY + discretion(-25, -5))]),
    "publicity-without-end": (LISTED, [(TERM, ENDLESS)], "billboard:", []),
    "collective-punishment": (LISTED, [(PUBLICITY, f"{REFUSED}    family: [private_school]\n{PUBLICITY}")],
                              "family:", [(PUBLICITY, REFUSED + PUBLICITY)]),
    "protected-act-penalised": (BASE, [("[illegal_lending]", "[illegal_lending, criticising_government]")],
                                "criticising_government", []),
    "exemption-by-status": (BASE, [("migrants: true}", "migrants: true, exempt: [party]}")], "scope:", []),
    "scored-by-status": (WEIGHTED, register("party"), "attribute: party", []),
    "scored-by-circumstance": (WEIGHTED, register("driver"), "attribute: driver", []),
    "minors-in-scope": (BASE, [(AGE, number(17, "years"))], "scope:", []),
    "scored-by-association": (BASE, [("[illegal_lending]", "[soldier_in_family]")], "behaviours:", []),
    "unable-as-unwilling": (LISTED, [("[ignoring_judgment]", "[ignoring_judgment, unfulfilled_judgment]")],
                            "behaviours:", [("    publicity:\n", UNABLE + "    publicity:\n")]),
    "unrelated-penalty": (BASE, [("{service: mortgage", "{service: public_post")], "{service: public_post", []),
    "same-act-twice": (BASE, [REACH, *with_rules(rule("R2", "illegal_lending", -15, by="market_inspectors"))],
                       "behaviours:", [REACH, *with_rules(rule("R2", "pyramid_selling", -15, by="market_inspectors"))]),
    "cliff": (BASE, [(SURCHARGE, "")], "highest: {value: 59", []),
    "inconsistent-severity": (BASE, with_rules(rule("R2", "selling_counterfeits", -16)), f"points: {number(-16)}",
                              with_rules(rule("R2", "selling_counterfeits", -15))),
    "out-of-proportion": (BASE, [("[illegal_lending]", "[late_public_service_fees]"), (POINTS_15, number(-95)),
                                 ("{service: mortgage", "{service: public_post")], "- id: R1",
                          [("[illegal_lending]", "[late_public_service_fees]")]),
    "farmable-points": (BASE, with_rules(rule("R2", "award", 1)), "- id: R2",
                        with_rules(rule("R2", "award", 1, cap(3)))),
    "grave-harm-bought-off": (BASE, with_rules(rule("R2", "award", 5, cap(3))), f"points: {POINTS_15}",
                              with_rules(rule("R2", "award", 5, cap(2)))),
    "unreachable-grade": (BASE, [(START, f"start: {number(80)}")], "- grade: A", []),
    "absorbing-grade": (BASE, [(EXPIRES, "expires: null")], "- grade: C", []),
    "feedback": (BASE, [("[illegal_lending]", "[guarantee_breach]")], "behaviours:", []),
    "contradiction": (BASE, [REACH, *with_rules(rule("R2", "illegal_lending", 5, cap(1), by="market_inspectors"))],
                      "behaviours: [illegal_lending]",
                      [REACH, *with_rules(rule("R2", "award", 5, cap(1), by="market_inspectors"))]),
    "outside-information-directory": (BASE, [("[illegal_lending]", "[jaywalking]")], "behaviours:", []),
    "outside-measures-directory": (BASE, [("{service: mortgage", "{service: university_place")],
                                   "{service: university_place", []),
}  # fmt: skip


def changed(text: str, changes) -> str:
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def found(text: str, check: str | None = None):
    every = audit_document(read_text(text, "base.yaml")).findings
    return [finding for finding in every if check in (None, finding.check.id)]


@pytest.mark.parametrize(
    ("lowest", "highest", "check", "message"),
    [
        (365, 1826, "discretion-too-wide", "rule J1 may list for 365 to 1826 days, as the assessor sees fit"),
        (365, 1825, "discretion-too-wide", None),
        (730, None, "discretion-without-bounds", "how long rule J1 lists is left to the assessor, with no highest"),
    ],
)
def test_discretion_of_a_list_is_that_of_its_term(lowest, highest, check, message):
    bounds = {"lowest": lowest, "highest": highest}
    left = ", ".join(f"{name}: {number(v, 'days') if v else 'null'}" for name, v in bounds.items())
    text = changed(LISTED, [("source: Article 3}\n", f"source: Article 3}}\n        discretion: {{{left}}}\n")])
    assert [finding.message for finding in found(text, check)] == ([message] if message else [])


@pytest.mark.parametrize("text", [BASE, LISTED, WEIGHTED], ids=["points", "list", "weighted"])
def test_the_base_has_no_finding(text):
    assert [f.message for f in found(text)] == []


def test_every_check_has_its_twins():
    # These are asked of firms and public bodies alone: test_audit_firms, test_audit_bodies.
    others = {"representative-listed", "idle-binding", "target-of-reports", "falsifying-pays", "residents-pay"}
    assert set(TWINS) == set(CHECKS) - others


@pytest.mark.parametrize("check", TWINS)
def test_a_check_finds_its_fault_on_its_line_and_not_in_the_mended_twin(check):
    base, fault, words, mended = TWINS[check]
    text = changed(base, fault)
    (finding,) = found(text, check)
    assert words in text.splitlines()[finding.line - 1]
    assert finding.column >= 1
    assert finding.message
    assert found(changed(base, mended), check) == []


def test_what_can_be_repaired_has_a_way_out():
    endless = [*repair(after(30), "null"), (EXPIRES, "expires: null")]
    mended, without = changed(BASE, endless), changed(BASE, [(EXPIRES, "expires: null")])
    assert found(without, "absorbing-grade")
    assert found(mended, "absorbing-grade") == []
    (finding,) = found(mended, "no-expiry")
    assert finding.message == "points taken under rule R1 come back on application alone"
    assert found(without, "no-expiry")[0].message == "points taken under rule R1 never come back"
    # What is of a class without a way back stays.
    assert found(changed(BASE, [*repair("null", after(30)), (EXPIRES, "expires: null")]), "absorbing-grade")


def test_a_list_has_an_exit_by_repair():
    stuck = [("ignoring_judgment", "hiding_assets"), (TERM, ENDLESS + "\n        severity: general")]
    said = repair(after(30), "null")[0]
    assert found(changed(LISTED, [*stuck, said]), "list-without-exit") == []
    closed = ("    publicity:\n", UNABLE + "        severity: serious\n    publicity:\n")
    assert found(changed(LISTED, [*stuck, repair("null", after(30))[0], closed]), "list-without-exit")


SHARED = (
    "        shared: {among: household, share: {value: 0.5, unit: share, status: reported, range: [0, 1], source: A}}\n"
)


@pytest.mark.parametrize(
    ("points", "check", "other"),
    [(-15, "collective-punishment", "scored-by-association"), (15, "scored-by-association", "collective-punishment")],
)
def test_what_is_entered_for_the_household_is_found_at_its_rule(points, check, other):
    shared = BASE.replace(POINTS_15, number(points)).replace(BY, BY + SHARED)
    (finding,) = found(shared, check)
    assert "shared:" in shared.splitlines()[finding.line - 1]
    assert "0.5 of the points of rule R1" in finding.message
    assert found(shared, other) == []
    assert found(shared.replace(SHARED, ""), check) == []


def test_a_lower_grade_on_better_terms_is_inconsistent():
    text = BASE.replace("grades: [B]", "grades: [X]").replace("grades: [C], effect", "grades: [B], effect")
    (finding,) = found(text.replace("grades: [X]", "grades: [C]"), "inconsistent-severity")
    assert "mortgage is had on better terms at C than at B" in finding.message
    discount = SURCHARGE.replace("surcharge", "discount")
    (finding,) = found(BASE.replace(SURCHARGE, discount), "inconsistent-severity")
    assert finding.message == "mortgage is had on better terms at B than at A"


def test_favoured_and_refused_at_once_is_a_contradiction():
    both = SURCHARGE.replace("[B]", "[C]").replace("surcharge", "discount")
    (finding,) = found(changed(BASE, [(SURCHARGE, SURCHARGE + both)]), "contradiction")
    assert finding.message == "discount and deny of mortgage at C"


def test_capped_points_that_never_expire_can_be_farmed():
    forever = rule("R2", "award", 1, cap(3)).replace(f"expires: {number(365, 'days')}", "expires: null")
    (finding,) = found(changed(BASE, with_rules(forever)), "farmable-points")
    assert "for ever" in finding.message


def test_rewards_lead_to_a_grade_only_as_far_as_they_can_be_in_force_at_once():
    start = (START, f"start: {number(80)}")
    for most, unreachable in ((9, True), (10, False)):
        text = changed(BASE, [start, *with_rules(rule("R2", "award", 1, cap(most)))])
        assert bool(found(text, "unreachable-grade")) == unreachable


def test_a_debtor_rule_of_points_weighs_the_unable_like_the_unwilling():
    text = changed(BASE, [("[illegal_lending]", "[unfulfilled_judgment]")])
    assert found(text, "unable-as-unwilling")
    harder = rule("R2", "ignoring_judgment", -30)
    assert not found(changed(text, with_rules(harder)), "unable-as-unwilling")


# ------------------------------------------------------------------------------------------------------- acceptance

SECRET = BASE.replace("published", "secret")


def accepting(text: str, check: str, at: str | None = None, reason: str = "We know") -> str:
    where = f", at: {at}" if at else ""
    return f"{text}accepted:\n  - {{check: {check}{where}, reason: {reason}}}\n"


@pytest.mark.parametrize(("at", "accepted"), [(None, "We know"), ("points", "We know"), ("other", None)])
def test_a_finding_is_accepted_with_its_reason_and_stays_in_sight(at, accepted):
    made = audit_document(read_text(accepting(SECRET, "secret-rules", at), "base.yaml"))
    (finding,) = made.findings
    assert finding.accepted == accepted
    assert made.open == (() if accepted else (finding,))
    assert made.fails("high") == (accepted is None)
    text = "\n".join(lines(made))
    assert ("Accepted: We know" in text) == (accepted is not None)
    assert "secret-rules" in text
    assert made.unneeded == (() if accepted else (0,))


def test_what_is_accepted_still_meets_conditions():
    made = audit_document(read_text(accepting(SECRET, "secret-rules"), "base.yaml"))
    assert states(made)["pipl-24", "transparent"] == NOT_MET


def test_acceptance_of_what_is_not_found_is_told():
    made = audit_document(read_text(accepting(BASE, "secret-rules"), "base.yaml"))
    assert made.unneeded == (0,)
    assert "accepts 'secret-rules', which was not found" in "\n".join(lines(made))


def test_acceptance_of_no_check_is_refused_with_the_nearest():
    with pytest.raises(InputError, match="did you mean 'secret-rules'") as caught:
        found(accepting(BASE, "secret-rule"))
    assert caught.value.line == BASE.count("\n") + 2


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("  - {check: cliff}", "'reason' is missing"),
        ("  - {check: cliff, reason: ''}", "empty"),
        ("  - {chek: cliff, reason: A}", "did you mean 'check'?"),
    ],
)
def test_a_broken_acceptance_is_refused(line, words):
    with pytest.raises(InputError) as caught:
        found(f"{BASE}accepted:\n{line}\n")
    assert words in str(caught.value)


# ------------------------------------------------------------------------------------------------------------- norms


def states(made):
    return {(one.norm.id, one.condition.id): one.answer.state for one in made.conditions}


def test_every_condition_has_an_answer_and_every_answer_a_condition():
    assert {(norm.id, condition.id) for norm in LAW.norms for condition in norm.conditions} == set(ANSWERS)


def test_the_conditions_of_the_ai_act_are_the_seven():
    (norm,) = [norm for norm in LAW.norms if norm.id == "eu-ai-act-5-1-c"]
    assert [condition.id for condition in norm.conditions] == [
        "ai-system", "natural-persons", "over-time", "behaviour-or-traits", "detriment", "unrelated-context",
        "unjustified-or-disproportionate",
    ]  # fmt: skip


LASTING = "china-repair-2025", "graded-by-gravity"


def test_repair_grades_penalties_where_it_tells_them_apart():
    later = changed(BASE, repair(after(30), after(90)))
    assert told(later)[LASTING] == UNTOLD
    assert told(changed(BASE, repair(after(90), after(90))))[LASTING] == NOT_MET
    of_one_class = changed(
        later, [(f"serious: {after(90)}", "serious: null"), ("severity: serious", "severity: general")]
    )
    assert told(of_one_class)[LASTING] == NOT_MET
    assert "and is repaired alike" in why(changed(BASE, repair(after(90), after(90))))[LASTING]


def test_every_condition_comes_out_both_ways_or_cannot_be_told():
    """Over all twins and the library no answer that is asked for is a foregone one."""
    found_of: dict[tuple[str, str], set[str]] = {key: set() for key in ANSWERS}
    twins = [changed(base, change) for base, fault, _, mended in TWINS.values() for change in (fault, mended)]
    for made in (*map(told, twins), *(states(audit(name)) for name in rulebooks.names())):
        for key, state in made.items():
            found_of[key].add(state)
    untold = {name for (_, name), answers in found_of.items() if answers == {UNTOLD}}
    assert untold == {"ai-system", "impact-assessed"}
    never = {name for (_, name), answers in found_of.items() if MET not in answers} - untold
    # That a machine decides, that a law says so, that terms follow gravity: no rulebook shows it.
    assert never == {"automated-decision", "basis-in-law", "graded-by-gravity"}
    assert all(NOT_MET in answers for (_, name), answers in found_of.items() if name not in untold)


@pytest.mark.parametrize("name", [*rulebooks.names()])
def test_conditions_are_answered_in_three_words_only(name):
    made = audit(name)
    assert set(states(made).values()) <= {MET, NOT_MET, UNTOLD}
    assert states(made)["eu-ai-act-5-1-c", "ai-system"] == UNTOLD
    for one in made.conditions:
        assert one.answer.why
        assert one.condition.limit
        if one.answer.line is not None:
            assert one.answer.line >= 1


@pytest.mark.parametrize(
    ("norm", "condition", "changes", "state"),
    [
        ("eu-ai-act-5-1-c", "detriment", [], MET),
        ("eu-ai-act-5-1-c", "unrelated-context", [], NOT_MET),
        ("eu-ai-act-5-1-c", "unrelated-context", [("{service: mortgage", "{service: public_post")], MET),
        ("eu-ai-act-5-1-c", "unjustified-or-disproportionate", [], UNTOLD),
        ("eu-ai-act-5-1-c", "unjustified-or-disproportionate", [("illegal_lending", "petitioning")], MET),
        ("gdpr", "storage-limited", [], MET),
        ("gdpr", "storage-limited", [(EXPIRES, "expires: null")], NOT_MET),
        ("gdpr", "special-categories", [], NOT_MET),
        ("gdpr", "special-categories", [("illegal_lending", "unapproved_worship")], MET),
        ("gdpr", "contestable", [(APPEAL, "")], NOT_MET),
        ("gdpr", "criminal-offences", [], MET),
        ("gdpr", "informed", [("notice: true", "notice: false")], NOT_MET),
        ("iccpr", "belief", [("illegal_lending", "unapproved_worship")], MET),
        ("iccpr", "expression", [("illegal_lending", "unapproved_worship")], NOT_MET),
        ("iccpr", "expression", [("illegal_lending", "criticising_government")], MET),
        ("iccpr", "assembly-and-association", [("illegal_lending", "joining_protest")], MET),
        ("iccpr", "public-affairs", [("illegal_lending", "petitioning")], MET),
        ("iccpr", "movement", [("{service: mortgage", "{service: travel_abroad")], MET),
        ("iccpr", "equality", [("migrants: true}", "migrants: true, exempt: [public_servant]}")], MET),
        ("iccpr", "legality", [("Law on Contracts, Article 7", "None")], MET),
        ("china-constraint-2020", "can-be-repaired", [(EXPIRES, "expires: null")], NOT_MET),
        ("china-constraint-2020", "punished-within-directory", [("{service: mortgage", "{service: aid")], NOT_MET),
        ("china-unable-2024", "unable-told-apart", [], UNTOLD),
        ("pipl-24", "transparent", [("published", "partly")], NOT_MET),
    ],
)  # fmt: skip
def test_a_condition_follows_from_the_rules(norm, condition, changes, state):
    made = audit_document(read_text(changed(BASE, changes), "base.yaml"))
    assert states(made)[norm, condition] == state


@pytest.mark.parametrize(
    ("condition", "attribute", "state"),
    [
        ("special-categories", "party", MET),
        ("special-categories", "minority", MET),
        ("special-categories", "migrant", NOT_MET),
        ("equality", "migrant", MET),
        ("equality", "female", MET),
        ("equality", "education", NOT_MET),
    ],
)
def test_a_condition_follows_from_what_a_score_weighs_of_the_register(condition, attribute, state):
    made = audit_document(read_text(changed(WEIGHTED, register(attribute)), "base.yaml"))
    assert {found for (_, name), found in states(made).items() if name == condition} == {state}
    assert {found for (_, name), found in told(WEIGHTED).items() if name == condition} == {NOT_MET}


def told(text: str) -> dict[tuple[str, str], str]:
    return states(audit_document(read_text(text, "base.yaml")))


def why(text: str) -> dict[tuple[str, str], str]:
    made = audit_document(read_text(text, "base.yaml"))
    return {(one.norm.id, one.condition.id): one.answer.why for one in made.conditions}


def test_where_nothing_follows_nothing_is_said_of_what_follows():
    idle = BASE.replace(BASE[BASE.index("    consequences:") : BASE.index("    appeal:")], "")
    assert told(idle)["eu-ai-act-5-1-c", "unrelated-context"] == NOT_MET
    assert why(idle)["eu-ai-act-5-1-c", "unrelated-context"] == "there is no detriment"
    assert told(idle)["gdpr", "purpose-limited"] == UNTOLD
    assert told(BASE)["gdpr", "purpose-limited"] == MET
    assert why(BASE)["china-repair-2025", "shown-three-years-at-most"] == "nothing is shown in public"
    assert "lasts for more" in why(LISTED)["china-repair-2025", "shown-three-years-at-most"]


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [("ignoring_judgment", "until performance"), ("hiding_assets", "for ever")],
)
def test_what_has_no_term_counts_until_performance_where_there_is_something_to_perform(behaviour, words):
    found_why = why(changed(LISTED, [("ignoring_judgment", behaviour), (TERM, ENDLESS)]))
    assert found_why["eu-ai-act-5-1-c", "over-time"] == f"what list.J1 enters counts {words}"
    assert found_why["gdpr", "storage-limited"] == f"what list.J1 enters counts {words}, and has no term"


def test_a_text_is_quoted_in_whole_words():
    text = changed(BASE, [("Law on Contracts, Article 7", f"None {'whatever ' * 20}")])
    (finding,) = found(text, "legal-basis-missing")
    assert finding.message.endswith("whatever ...'")


def test_who_exempts_the_party_has_to_know_who_is_in_it():
    text = changed(BASE, [("migrants: true}", "migrants: true, exempt: [party]}")])
    assert told(text)["gdpr", "special-categories"] == MET
    assert told(text.replace("party", "public_servant"))["gdpr", "special-categories"] == NOT_MET


def test_what_norms_speak_of_stands_in_the_tables_with_its_provenance():
    readings = LAW.readings
    for kind in (readings.crimes, readings.allegiance):
        assert set(kind.behaviours) <= set(PARAMETERS.behaviours)
    for services in (readings.travel, readings.public_posts):
        assert set(services.services) <= set(PARAMETERS.services)
    assert LAW.thresholds.shown_at_most.value == 3 * 365


@pytest.mark.parametrize(
    ("condition", "changes", "state"),
    [
        (("china-repair-2025", "shown-three-years-at-most"), [], MET),
        (("china-repair-2025", "shown-three-years-at-most"), [("[730, 730]", "[730, 1825]"), ("730", "1825")], NOT_MET),
        (("iccpr", "privacy-and-honour"), [], MET),
        (("china-unable-2024", "unable-told-apart"), [], MET),
        (("china-unable-2024", "unable-told-apart"), [("[ignoring_judgment]", "[unfulfilled_judgment]")], NOT_MET),
    ],
)
def test_a_condition_follows_from_the_grounds_of_a_list(condition, changes, state):
    made = audit_document(read_text(changed(LISTED, changes), "base.yaml"))
    assert states(made)[condition] == state


def test_the_directories_place_every_behaviour_service_and_channel_once():
    behaviours = [name for entry in LAW.information.entries for name in entry.behaviours]
    services = [name for entry in LAW.measures.entries for name in entry.services]
    channels = [name for entry in LAW.measures.publicity for name in entry.channels]
    assert sorted(behaviours) == sorted(PARAMETERS.behaviours)
    assert sorted(services) == sorted(PARAMETERS.services)
    assert sorted(channels) == ["app", "billboard", "broadcast_shame", "ringtone"]
    for entry in LAW.information.entries:
        assert set(entry.by or ()) <= set(PARAMETERS.sensors)
    assert set(LAW.acts_of_others.behaviours) <= set(PARAMETERS.behaviours)


def test_an_item_is_inside_the_directory_as_decided_and_outside_as_reported():
    assert not found(changed(BASE, [("[illegal_lending]", "[fraud]")]), "outside-information-directory")
    anyone = changed(BASE, [("[illegal_lending]", "[fraud]"), ("reach: [court]", "reach: [court, platform]"), (BY, "")])
    (finding,) = found(anyone, "outside-information-directory")
    assert "listed only as decided by court" in finding.message


def test_a_book_that_ended_before_the_directory_says_so():
    text = changed(BASE, [("from: 2022-01-01, until: null", "from: 2019-01-01, until: 2020-12-31"),
                          ("[illegal_lending]", "[jaywalking]")])  # fmt: skip
    (finding,) = found(text, "outside-information-directory")
    assert "ended before the directory of 2021" in finding.message


# ------------------------------------------------------------------------------------------------------ the library


def checks_of(name: str) -> set[str]:
    return {finding.check.id for finding in audit(name).findings}


def test_the_library_has_the_faults_that_a_lawyer_would_name():
    assert {"protected-act-penalised", "no-appeal", "unrelated-penalty", "scored-by-association"} <= checks_of(
        "rongcheng-2019"
    )
    assert "unable-as-unwilling" in checks_of("spending-restriction-2020")
    assert "unable-as-unwilling" not in checks_of("spending-restriction-2024")
    assert "collective-punishment" in checks_of("spending-restriction-2017")
    assert "publicity-without-end" in checks_of("defaulter-list-2013")
    assert {"minors-in-scope", "legal-basis-missing", "no-expiry", "collective-punishment"} <= checks_of(
        "teaching-town"
    )
    assert checks_of("law-only") == set()


@pytest.mark.parametrize("name", [*rulebooks.names()])
def test_places_of_findings_are_lines_of_the_file(name):
    made = audit(name)
    last = max((line for line, _ in made.book.document._positions.values()), default=1)
    for finding in made.findings:
        assert 1 <= finding.line <= last
        assert finding.file == f"rulebooks/library/{name}.yaml"


def test_findings_are_told_the_gravest_first_and_check_by_check():
    made = audit("teaching-town")
    ranks = [SEVERITIES.index(finding.check.severity) for finding in made.findings]
    assert ranks == sorted(ranks, reverse=True)
    ids = [finding.check.id for finding in made.findings]
    assert len([1 for a, b in zip(["", *ids], ids, strict=False) if a != b]) == len(set(ids))


@pytest.mark.parametrize("check", CHECKS.values(), ids=lambda check: check.id)
def test_a_check_says_what_a_reader_needs(check):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", check.id)
    assert check.severity in SEVERITIES
    for text in (check.explanation, check.norm, check.mend, check.limit):
        assert text[0].isupper(), text
        assert text.endswith((".", "!")), text


FORBIDDEN = re.compile(
    r"\b(prohibited|compliant|compliance|certified|passed|grade [A-F]\b is awarded)\b", re.IGNORECASE
)


@pytest.mark.parametrize("name", ["law-only", "rongcheng-2019", "defaulter-list-2024"])
def test_it_never_says_prohibited_or_compliant_and_gives_no_badge(name):
    made = audit(name)
    for text in ("\n".join(lines(made)), page(made), json.dumps(made.to_json())):
        assert not FORBIDDEN.search(text)
        assert NO_FINDING in text


def test_what_is_done_to_firms_and_public_bodies_is_read_where_it_is_done():
    for name in rulebooks.names():
        made = audit(name)
        assert bool(made.book.firms) == name.startswith("corporate-")
        assert bool(made.book.bodies) == (name == "government-integrity")
        assert all((finding.of == "firms") == bool(made.book.firms) for finding in made.findings)
        assert any(finding.of == "bodies" for finding in made.findings) == bool(made.book.bodies)
        assert NO_FINDING in "\n".join(lines(made))


def test_reading_is_fast():
    audit("rongcheng-2019")  # imports, parameters and tables of law are read once
    start = time.perf_counter()
    audit("teaching-town")
    assert time.perf_counter() - start < 1


# ----------------------------------------------------------------------------------------------- on the command line


def call(*arguments):
    return runner.invoke(cli.app, ["audit", *map(str, arguments)])


@pytest.fixture
def book(tmp_path):
    def write(text: str):
        path = tmp_path / "base.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    ("text", "severity", "code"),
    [
        (BASE, "low", 0),
        (SECRET, None, 0),
        (SECRET, "high", 1),
        (SECRET, "low", 1),
        (BASE.replace("published", "partly"), "high", 0),
        (BASE.replace("published", "partly"), "medium", 1),
        (accepting(SECRET, "secret-rules"), "low", 0),
        (BASE.replace("method: points", "methd: points"), None, 2),
        (SECRET, "dire", 2),
        ("a: [", None, 2),
    ],
)
def test_exit_codes(book, text, severity, code):
    result = call(book(text), "--static", *(["--fail-on", severity] if severity else []))
    assert result.exit_code == code, result.output
    if code == 2:
        assert result.stderr.startswith("scorepolis: ")
        assert "Traceback" not in result.output


def test_a_missing_book_is_wrong_input():
    result = call("rongcheng-2018", "--static")
    assert result.exit_code == 2
    assert "did you mean 'rongcheng-2021'" in result.stderr


def test_no_finding_does_not_mean_lawful(book):
    result = call(book(BASE), "--static")
    assert "No finding." in result.stdout
    assert NO_FINDING in result.stdout


def test_json_holds_findings_conditions_and_caution(book):
    data = json.loads(call(book(SECRET), "--static", "--json").stdout)
    (finding,) = data["findings"]
    assert finding["check"] == "secret-rules"
    assert finding["line"] == 14
    assert data["open_by_severity"] == {"low": 0, "medium": 0, "high": 1}
    assert NO_FINDING in data["caution"]
    assert len(data["conditions"]) == len(ANSWERS)
    assert data["run"] is None


class Tags(HTMLParser):
    """Open tags, and whatever asks something of a network."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.asks: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "br", "img", "link"):
            self.open.append(tag)
        self.asks += [value for name, value in attrs if name in ("src", "href") or tag in ("script", "link", "img")]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_is_whole_escapes_what_it_is_told_and_asks_for_nothing(book, tmp_path):
    target = tmp_path / "audit.html"
    hostile = SECRET.replace("title: A book without a finding", "title: <script>alert(1)</script>")
    assert call(book(hostile), "--static", "--html", target).exit_code == 0
    text = target.read_text(encoding="utf-8")
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    tags = Tags()
    tags.feed(text)
    assert tags.open == []
    assert tags.asks == []
    assert "secret-rules" in text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["audit.html", "base.yaml"]


@pytest.mark.parametrize("target", ["", "no-such-folder/audit.html"])
def test_a_page_that_cannot_be_written_is_refused_before_anything_is_run(book, tmp_path, target):
    result = call(book(BASE), "--html", tmp_path / target)
    assert result.exit_code == 2
    assert "expected the name of an HTML file" in result.stderr


def test_more_people_than_have_a_ledger_are_refused(book):
    result = call(book(BASE), "--people", 20_001)
    assert result.exit_code == 2
    assert "at most 20,000" in result.stderr


# ------------------------------------------------------------------------------------------------ the documentation


def test_the_page_of_the_documentation_is_made_from_checks_and_norms():
    text = PAGE.read_text(encoding="utf-8")
    assert text == renewed(text), "python -m scorepolis.audit.reference docs/audit.md"
    for check in CHECKS.values():
        assert f"| `{check.id}` | {check.severity} |" in text


def test_a_page_without_markers_is_not_renewed():
    with pytest.raises(InputError, match="no place"):
        renewed("# Another page\n")
