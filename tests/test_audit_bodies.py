"""The audit of what is done to public bodies: every check in a rulebook that has the fault, and in its twin, mended."""

from __future__ import annotations

import pytest
from tests.organisations import BOUND, MINUS, assert_found_and_mended, binds, graded, head, twins
from tests.test_audit import changed, found, number, told

from scorepolis import parameters
from scorepolis.audit import CHECKS, audit, law
from scorepolis.audit.answer import NOT_MET, UNTOLD
from scorepolis.parameters.bodies import BEHAVIOURS

PARAMETERS = parameters.load().bodies
LAW = law.load().bodies

HEAD = head("public bodies", "Law on Budgets", "bodies", "neighbourhood_collector")
MONTH = f"month: {number(12, 'calendar month')}"
NOTHING = f"points: {number(0)}"
REFUSED = "{service: promotion, grades: [C], effect: deny, status: documented, source: A text}"
DELAYED = f"{{service: promotion, grades: [B], effect: delay, days: {number(30, 'days')}}}"
BASE = f"""\
{HEAD}\
  - id: rating
    method: rating
    subject: body
    transparency: published
    {MONTH}
{graded(("C", 0, 59), ("B", 60, 79), ("A", 80, 89))}\
    reach: [audit_office, inspection_group, target_office]
    rules:
      - id: B1
        text: Owes firms
        behaviours: [payment_arrears]
        {MINUS}
    consequences:
      - {DELAYED}
      - {REFUSED}
"""
TERM = f"term: {number(12, 'months')}"
LISTED = f"""\
{HEAD}\
  - id: list
    method: list
    subject: body
    transparency: published
    reach: [enforcing_court]
    rules:
      - id: L1
        text: Does not perform a judgment
        behaviours: [ignoring_judgment]
        {TERM}
    consequences:
      - {{service: project_approval, grades: [listed], effect: deny, status: documented, source: A text}}
"""


def rule(name: str, behaviour: str, what: str) -> tuple[str, str]:
    """Put a rule behind those of the base."""
    entry = f"      - id: {name}\n        text: Another\n        behaviours: [{behaviour}]\n"
    return "    consequences:\n", f"{entry}        {what}\n    consequences:\n"


QUOTA = ("    reach:", f"    quota: {number(10, 'reports')}\n    reach:")
MISSED = rule("B2", "missed_target", f"points: {number(-5)}")
MADE_UP = rule("B3", "falsified_reports", f"points: {number(-6)}")
ASSIGN = (MINUS, f"{NOTHING}\n        assign: C")
NO_RATING = (MONTH, "month: null")
GRANT = (REFUSED, REFUSED.replace("promotion", "grant"))
GRANT_SOONER = (DELAYED, DELAYED.replace("promotion", "grant"))

# Check: the base, what makes the fault, the words on the line where it is found, what the mended twin has instead.
TWINS = {
    **twins(BASE, LISTED, "Law on Budgets", "enforcing_court"),
    "no-expiry": (BASE, [NO_RATING, ASSIGN], "assign: C", [ASSIGN]),
    "unrelated-penalty": (BASE, [GRANT, GRANT_SOONER, MISSED], "{service: grant, grades: [B]",
                          [MISSED]),
    "same-act-twice": (BASE, [rule("B2", "payment_arrears", f"by: [inspection_group]\n        {MINUS}")],
                       "behaviours: [payment_arrears]", [rule("B2", "ignoring_judgment", MINUS)]),
    "cliff": (BASE, [(DELAYED, DELAYED.replace("promotion", "project_approval"))], "highest: {value: 59", []),
    "inconsistent-severity": (BASE, [(DELAYED, DELAYED.replace("[B]", "[A]"))], "{service: promotion, grades: [A]", []),
    "unreachable-grade": (BASE, [NO_RATING, (MINUS, f"{NOTHING}\n        assign: C")], "- grade: B", []),
    "absorbing-grade": (BASE, [NO_RATING, ASSIGN], "- grade: C", [ASSIGN]),
    "feedback": (BASE, [GRANT], "behaviours: [payment_arrears]",
                 [(REFUSED, REFUSED.replace("promotion", "project_approval"))]),
    "contradiction": (BASE, [rule("B2", "payment_arrears", f"by: [inspection_group]\n        points: {number(4)}")],
                      "behaviours: [payment_arrears]", [rule("B2", "ignoring_judgment", MINUS)]),
    "target-of-reports": (BASE, [QUOTA, MISSED, MADE_UP], "quota:", [QUOTA, MADE_UP]),
    "falsifying-pays": (BASE, [QUOTA, MISSED], "- id: B2", [QUOTA, MISSED, MADE_UP]),
    "residents-pay": (BASE, [GRANT], "{service: grant", []),
}  # fmt: skip
OF_PEOPLE = BOUND | {"target-of-reports", "falsifying-pays", "residents-pay"}
"""What reaches people behind a body or around it."""


@pytest.mark.parametrize("text", [BASE, LISTED], ids=["rating", "list"])
def test_the_base_has_no_finding(text):
    assert [(f.check.id, f.message) for f in found(text)] == []


def test_every_check_that_reads_public_bodies_has_its_twins():
    assert set(TWINS) == {name for name, check in CHECKS.items() if "bodies" in check.find} | OF_PEOPLE


@pytest.mark.parametrize("check", TWINS)
def test_a_check_finds_its_fault_on_its_line_and_not_in_the_mended_twin(check):
    assert_found_and_mended(check, TWINS[check], "people" if check in OF_PEOPLE else "bodies")


def test_a_target_presses_only_those_who_lose_by_missing_it():
    """Nobody is pressed by a target under a rule that meets other bodies, or from which nothing follows."""
    of_bureaus = ("    transparency: published\n", "    scope: {kinds: [bureau]}\n    transparency: published\n")
    missed = BASE.replace(HEAD, "").replace("id: rating", "id: other").replace("payment_arrears", "missed_target")
    asking = changed(BASE, [("    reach:", f"    scope: {{kinds: [street_office]}}\n{QUOTA[1]}")])
    (finding,) = found(asking + missed, "target-of-reports")
    assert "who delivers less loses by other.B1" in finding.message
    assert found(asking + changed(missed, [of_bureaus]), "target-of-reports") == []
    idle = missed[: missed.index("    consequences:")]
    assert found(asking + idle, "target-of-reports") == []


@pytest.mark.parametrize(
    ("missed", "made_up", "why"),
    [
        (f"points: {number(-5)}", f"points: {number(-5)}", "5 points, and making reports up 5"),
        (f"points: {number(-5)}", f"points: {number(-6)}", None),
        (f"{NOTHING}\n        assign: C", f"points: {number(-50)}", "assigns a grade"),
        (f"points: {number(-50)}", f"{NOTHING}\n        assign: C", None),
    ],
)
def test_making_reports_up_has_to_cost_more_than_a_missed_target(missed, made_up, why):
    text = changed(BASE, [QUOTA, rule("B2", "missed_target", missed), rule("B3", "falsified_reports", made_up)])
    assert [why in finding.message for finding in found(text, "falsifying-pays")] == ([True] if why else [])


def test_a_listing_without_a_term_ends_with_the_first_month_that_brings_no_record():
    endless = changed(LISTED, [(TERM, "term: null\n        status: documented\n        source: A text")])
    assert found(endless) == []


def test_a_body_s_list_holds_its_head():
    (finding,) = found(
        changed(LISTED, [binds("enforcing_court", "defaulter-list-2024", "list")]), "representative-listed"
    )
    assert finding.message == (
        "the head of a public body at listed stands as listed under defaulter-list-2024, list, "
        "for what the public body did"
    )


def test_of_a_book_that_treats_bodies_alone_no_norm_that_protects_others_is_said_to_be_kept():
    states = told(changed(BASE, [("published", "secret")]))
    assert states["pipl-24", "transparent"] == states["china-constraint-2020", "told-before"] == UNTOLD
    assert states["eu-ai-act-5-1-c", "detriment"] == NOT_MET


def test_the_tables_place_every_behaviour_and_service_of_public_bodies():
    assert sorted(name for entry in LAW.related_services for name in entry.services) == sorted(PARAMETERS.services)
    named = {name for entry in LAW.related_services for name in entry.behaviours} | set(LAW.wanting.behaviours)
    assert named <= set(BEHAVIOURS)
    assert {*LAW.earning.services, *LAW.residents.services} <= set(PARAMETERS.services)


def test_the_library_has_the_faults_of_public_bodies_that_a_lawyer_would_name():
    by_check = {finding.check.id: finding for finding in audit("government-integrity").findings}
    assert {"target-of-reports", "representative-listed", "feedback", "residents-pay", "cliff"} <= set(by_check)
    assert {"falsifying-pays", "absorbing-grade", "secret-rules", "legal-basis-missing"}.isdisjoint(by_check)
    assert "standing.G4" in by_check["target-of-reports"].message
