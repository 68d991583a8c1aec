"""The audit of what is done to firms: every check in a rulebook that has the fault, and in its twin, mended."""

from __future__ import annotations

import pytest
from tests.organisations import BOUND, MINUS, assert_found_and_mended, graded, head, twins
from tests.organisations import binds as binds_under
from tests.test_audit import changed, found, number, told

from scorepolis import parameters
from scorepolis.audit import CHECKS, audit, law
from scorepolis.audit.conditions import MET, NOT_MET, UNTOLD

PARAMETERS = parameters.load().firms
LAW = law.load().firms

HEAD = head("firms", "Law on Taxes", "firms")
APPEAL = f"""\
    appeal:
      months: {number(1, "months")}
      upheld_wrong: {number(0.7, "share")}
      upheld_other: {number(0.1, "share")}
"""
MONTH = f"month: {number(4, 'calendar month')}"
PLUS = f"points: {number(5)}"
LATER = f"{{service: export_refund, grades: [C], effect: delay, days: {number(30, 'days')}}}"
DEARER = f"{{service: export_refund, grades: [B], effect: surcharge, percent: {number(5, 'percent')}}}"
BASE = f"""\
{HEAD}\
  - id: rating
    method: rating
    subject: firm
    transparency: published
    notice: true
{APPEAL}\
    {MONTH}
{graded(("C", 0, 59), ("B", 60, 89), ("A", 90, 110))}\
    reach: [tax_desk, tax_audit]
    rules:
      - id: T1
        text: Pays late
        behaviours: [tax_arrears]
        by: [tax_desk]
        {MINUS}
      - id: T2
        text: Files in time
        behaviours: [timely_filing]
        {PLUS}
    consequences:
      - {DEARER}
      - {LATER}
"""
TERM = f"term: {number(24, 'months')}"
LISTED = f"""\
{HEAD}\
  - id: list
    method: list
    subject: firm
    transparency: published
    notice: true
{APPEAL}\
    publicity:
      grades: [listed]
      custom: {number(0.1, "share of earnings")}
    reach: [court]
    rules:
      - id: F1
        text: Does not perform a judgment
        behaviours: [ignoring_judgment]
        {TERM}
"""
STATED = "status: documented\n        source: A text"


def rule(name: str, behaviour: str, by: str, what: str) -> tuple[str, str]:
    """Put a rule behind those of the base."""
    entry = f"      - id: {name}\n        text: Another\n        behaviours: [{behaviour}]\n        by: [{by}]\n"
    return "    consequences:\n", f"{entry}        {what}\n    consequences:\n"


ASSIGN = (MINUS, f"points: {number(0)}\n        assign: C")
NO_RATING = (MONTH, "month: null")


def lift(from_: str, to: str) -> tuple[str, str]:
    return PLUS, f"points: {number(0)}\n        lift: {{from: {from_}, to: {to}, share: {number(0.5, 'share')}}}"


def binds(book: str, instrument: str) -> tuple[str, str]:
    return binds_under("court", book, instrument)


REFUSED = (LATER, "{service: tender, grades: [C], effect: deny, status: documented, source: A text}")
REFUND_REFUSED = (LATER, "{service: export_refund, grades: [C], effect: deny, status: documented, source: A text}")
COMPLAINED = [("reach: [tax_desk, tax_audit]", "reach: [tax_desk, tax_audit, hotline, market_office]"),
              ("[tax_arrears]", "[wage_arrears]")]  # fmt: skip

# Check: the base, what makes the fault, the words on the line where it is found, what the mended twin has instead.
TWINS = {
    **twins(BASE, LISTED, "Law on Taxes", "court"),
    "no-expiry": (BASE, [NO_RATING, ASSIGN, lift("C", "B")], "assign: C", [ASSIGN]),
    "no-notice": (BASE, [("notice: true", "notice: false")], "notice:", []),
    "no-appeal": (BASE, [(APPEAL, "")], "- id: rating", []),
    "list-without-exit": (LISTED, [("[ignoring_judgment]", "[contract_breach]"),
                                   (TERM, f"term: null\n        {STATED}")], "term: null",
                          [("[ignoring_judgment]", "[contract_breach]")]),
    "publicity-without-end": (LISTED, [(TERM, f"term: null\n        {STATED}")], "publicity:", []),
    "unrelated-penalty": (BASE, [("[tax_arrears]", "[late_filing]"), ("{service: export_refund, grades: [C]",
                                 "{service: business_loan, grades: [C]")], "{service: business_loan",
                          [("{service: export_refund, grades: [C]", "{service: business_loan, grades: [C]")]),
    "same-act-twice": (BASE, [rule("T3", "tax_arrears", "tax_audit", MINUS)], "behaviours: [tax_arrears]",
                       [rule("T3", "false_invoices", "tax_audit", MINUS)]),
    "cliff": (BASE, [REFUSED], "highest: {value: 59", [REFUSED, (DEARER, DEARER.replace("export_refund", "tender"))]),
    "inconsistent-severity": (BASE, [rule("T3", "late_filing", "tax_audit", f"points: {number(-16)}")],
                              f"points: {number(-16)}", [rule("T3", "late_filing", "tax_audit", MINUS)]),
    "unreachable-grade": (BASE, [("behaviours: [timely_filing]", "behaviours: [late_filing]"),
                                 (PLUS, f"points: {number(-5)}")], "- grade: A", []),
    "absorbing-grade": (BASE, [NO_RATING, ASSIGN, lift("B", "A")], "- grade: C",
                        [NO_RATING, ASSIGN, lift("C", "B")]),
    "feedback": (BASE, [REFUND_REFUSED], "behaviours: [tax_arrears]", []),
    "contradiction": (BASE, [rule("T3", "timely_filing", "tax_audit", MINUS)], "behaviours: [timely_filing]",
                      [rule("T3", "false_invoices", "tax_audit", MINUS)]),
    "outside-information-directory": (BASE, [*COMPLAINED, ("by: [tax_desk]", "by: [hotline]")],
                                      "behaviours: [wage_arrears]",
                                      [*COMPLAINED, ("by: [tax_desk]", "by: [market_office]")]),
    "outside-measures-directory": (BASE, [REFUND_REFUSED], "{service: export_refund, grades: [C]", []),
}  # fmt: skip


@pytest.mark.parametrize("text", [BASE, LISTED], ids=["rating", "list"])
def test_the_base_has_no_finding(text):
    assert [(f.check.id, f.message) for f in found(text)] == []


def test_every_check_that_reads_firms_has_its_twins():
    assert set(TWINS) == {name for name, check in CHECKS.items() if "firms" in check.find} | BOUND


@pytest.mark.parametrize("check", TWINS)
def test_a_check_finds_its_fault_on_its_line_and_not_in_the_mended_twin(check):
    base, fault, *_ = TWINS[check]
    assert len(found(changed(base, fault), check)) == 1
    assert_found_and_mended(check, TWINS[check], "people" if check in BOUND else "firms")


def test_a_merit_that_connections_earn_is_left_to_whoever_gives_it():
    reach = ("reach: [tax_desk, tax_audit]", "reach: [tax_desk, tax_audit, association]")
    gift = ("behaviours: [timely_filing]", "behaviours: [timely_filing, donation]")
    (finding,) = found(changed(BASE, [reach, gift]), "discretion-without-bounds")
    assert "left to association" in finding.message
    assert found(changed(BASE, [gift]), "discretion-without-bounds") == []
    laid_down = (PLUS, f"{PLUS}\n        discretion: {{lowest: {number(5)}, highest: {number(5)}}}")
    assert found(changed(BASE, [reach, gift, laid_down]), "discretion-without-bounds") == []


def test_what_the_law_of_the_date_allows_is_no_finding():
    before = ("from: 2022-01-01, until: null", "from: 2017-01-01, until: 2019-06-30")
    listed = binds("defaulter-list-2017", "list")
    assert found(changed(LISTED, [listed]), "representative-listed")
    assert found(changed(LISTED, [before, listed]), "representative-listed") == []
    assert found(changed(LISTED, [binds("of-somebody-else", "list")]), "representative-listed") == []


def test_a_shown_grade_that_a_record_lifts_from_has_an_end():
    shown = ("    reach:", f"    publicity: {{grades: [C], custom: {number(0.1, 'share')}}}\n    reach:")
    (finding,) = found(changed(BASE, [shown, NO_RATING, ASSIGN, lift("B", "A")]), "publicity-without-end")
    assert "by rule T1" in finding.message
    assert found(changed(BASE, [shown, NO_RATING, ASSIGN, lift("C", "B")]), "publicity-without-end") == []


def test_what_is_found_of_firms_answers_norms_that_protect_firms_and_no_others():
    silent = told(changed(BASE, [("notice: true", "notice: false")]))
    assert silent["china-constraint-2020", "told-before"] == NOT_MET
    assert silent["gdpr", "informed"] == told(BASE)["gdpr", "informed"] == UNTOLD
    assert told(BASE)["china-constraint-2020", "told-before"] == MET
    assert told(BASE)["china-constraint-2020", "basis-in-law"] == UNTOLD
    assert told(BASE)["eu-ai-act-5-1-c", "natural-persons"] == NOT_MET
    assert told(LISTED)["china-repair-2025", "shown-three-years-at-most"] == MET
    for term in ("term: null\n        " + STATED, f"term: {number(37, 'months')}"):
        longer = told(changed(LISTED, [(TERM, term)]))
        assert longer["china-repair-2025", "shown-three-years-at-most"] == NOT_MET
    second = (
        f"        {TERM}\n",
        f"        {TERM}\n      - {{id: F2, text: Late, behaviours: [contract_breach], {TERM}}}\n",
    )
    assert told(changed(LISTED, [second]))["china-repair-2025", "graded-by-gravity"] == NOT_MET


def test_the_tables_place_every_behaviour_and_service_of_firms_once():
    behaviours = [name for entry in LAW.information.entries for name in entry.behaviours]
    assert sorted(behaviours) == sorted(PARAMETERS.behaviours)
    for entries in (LAW.measures.entries, LAW.related_services):
        assert sorted(name for entry in entries for name in entry.services) == sorted(PARAMETERS.services)
    for entry in LAW.information.entries:
        assert set(entry.by or ()) <= set(PARAMETERS.sensors)
    named = {name for entry in LAW.related_services for name in entry.behaviours} | set(LAW.wanting.behaviours)
    assert named <= set(PARAMETERS.behaviours)
    assert set(LAW.earning.services) <= set(PARAMETERS.services)


def test_the_library_has_the_faults_of_firms_that_a_lawyer_would_name():
    def checks_of(name):
        return {finding.check.id for finding in audit(name).findings}

    assert {"no-appeal", "no-notice", "discretion-without-bounds", "feedback"} <= checks_of("corporate-comprehensive")
    assert "no-appeal" not in checks_of("corporate-tax")
    assert "publicity-without-end" in checks_of("corporate-court-2020")
    assert "publicity-without-end" not in checks_of("corporate-penalties-2025")
    assert "representative-listed" not in checks_of("corporate-court-2017") | checks_of("corporate-court-2020")
