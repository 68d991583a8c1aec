"""What the audit sees of instruments that feed one another, be they of one book or of another in the library."""

from __future__ import annotations

import pytest
from tests.test_audit import (
    APPEAL,
    BASE,
    ENDLESS,
    LISTED,
    REFUSED,
    TERM,
    changed,
    found,
    rule,
    states,
    with_rules,
)

from scorepolis import rulebooks
from scorepolis.audit.conditions import MET, NOT_MET
from scorepolis.audit.static import audit_document
from scorepolis.core.yamlfile import read_text

FEED = """\
    fed_by:
      - {rulebook: RULEBOOK, instrument: INSTRUMENT, grade: listed, override: B, status: reported, source: A text}
"""
LIST = LISTED[LISTED.index("  - id: list") : LISTED.index("    publicity:")] + LISTED[LISTED.index("    appeal:") :]
"""A list by which nothing follows."""

RULES = BASE[BASE.index("    rules:") : BASE.index("    consequences:")]

SHOWN = """\
    publicity:
      billboard:
        grades: [C]
        price_of_shame: {value: 100, unit: yuan a year, status: reported, range: [0, 900], source: A report}
"""


def fed_by(book: str, instrument: str, changes=()) -> str:
    """The points of the base, fed by a list."""
    feed = FEED.replace("RULEBOOK", book).replace("INSTRUMENT", instrument)
    return changed(BASE, [*changes, ("    consequences:\n", feed + "    consequences:\n")])


def fed(of_list=(), of_points=()) -> str:
    """The same, by a list of the same book that stands before them."""
    text = fed_by("base", "list", of_points)
    return text.replace("instruments:\n", "instruments:\n" + changed(LIST, of_list))


def at_the_feed(text: str, check: str):
    (finding,) = found(text, check)
    assert "- {rulebook:" in text.splitlines()[finding.line - 1]
    return finding


SELLING = [("[ignoring_judgment]", "[pyramid_selling]")]
OF_COMMERCE = fed(SELLING)


def test_a_list_of_the_same_domain_that_does_nothing_by_itself_brings_no_finding_but_that_it_is_born_of_need():
    assert [f.check.id for f in found(OF_COMMERCE)] == ["feedback"]


def test_a_penalty_is_unrelated_to_what_another_instrument_feeds_in():
    (finding, _) = found(fed(), "unrelated-penalty")
    assert finding.message.endswith("for conduct in judiciary (ignoring_judgment, rule list.J1, which feeds it)")
    assert found(fed(SELLING), "unrelated-penalty") == []


def test_a_feed_bears_on_grades_at_or_below_its_own_only():
    at_c_alone = found(changed(fed(), [("override: B", "override: C")]), "unrelated-penalty")
    assert [f.at for f in at_c_alone] == ["points.mortgage"]
    assert "deny" in at_c_alone[0].message


def test_what_is_listed_and_held_down_is_penalised_twice():
    finding = at_the_feed(fed([("    appeal:", REFUSED + "    appeal:")]), "same-act-twice")
    assert finding.at == "points.list"
    assert finding.message == "what list.J1 penalises holds down to B here too"
    assert found(fed(), "same-act-twice") == []  # the list only tells


def test_what_is_fed_in_without_a_term_is_shown_without_end():
    forever = [(TERM, ENDLESS)]
    shown = [("    appeal:", SHOWN + "    appeal:")]
    (finding,) = found(fed(forever, shown), "publicity-without-end")
    assert finding.message == "C is shown without a term, by rule list.J1"
    assert found(fed((), shown), "publicity-without-end") == []
    made = audit_document(read_text(fed(forever, shown), "base.yaml"))
    assert states(made)["china-repair-2025", "shown-three-years-at-most"] == NOT_MET


def test_a_list_without_exit_makes_the_grade_that_it_feeds_absorbing():
    changes = [("ignoring_judgment", "hiding_assets"), (TERM, ENDLESS)]
    finding = at_the_feed(fed(changes), "absorbing-grade")
    assert finding.message == "nothing leads out of B again: list.J1, for hiding_assets, holds down to it without end"
    assert found(fed(changes[1:]), "absorbing-grade") == []


def test_hardship_comes_round_through_a_feed():
    finding = at_the_feed(fed([("[ignoring_judgment]", "[guarantee_breach]")]), "feedback")
    assert finding.message.startswith("hardship makes guarantee_breach likelier")


def test_an_instrument_that_is_only_fed_has_to_tell_and_to_hear_like_any_other():
    bare = [(RULES, "    rules: []\n"), ("notice: true", "notice: false"), (APPEAL, "")]
    assert {f.check.id for f in found(changed(BASE, bare))} == {"unreachable-grade"}
    fed_only = {f.check.id for f in found(changed(fed_by("defaulter-list-2017", "list"), bare))}
    assert {"no-notice", "no-appeal"} <= fed_only


# --------------------------------------------------------------------------------- another book of the library behind


def test_what_another_book_penalises_counts_where_it_feeds():
    text = fed_by("spending-restriction-2020", "restriction")
    finding = at_the_feed(text, "unable-as-unwilling")
    assert finding.at == "spending-restriction-2020.restriction.S1"
    assert found(fed_by("defaulter-list-2020", "list"), "unable-as-unwilling") == []
    assert states(audit_document(read_text(text, "base.yaml")))["gdpr", "storage-limited"] == NOT_MET


def test_what_another_book_penalises_and_this_one_rewards_is_a_contradiction():
    reward = with_rules(rule("R2", "hiding_assets", 5))
    finding = at_the_feed(fed_by("defaulter-list-2017", "list", reward), "contradiction")
    assert finding.message == "hiding_assets is penalised by defaulter-list-2017.list.J3 and rewarded by points.R2"


def test_protected_acts_that_another_book_penalises_are_found(monkeypatch):
    hostile = changed(LISTED, [("name: base", "name: hostile"), ("ignoring_judgment", "criticising_government")])
    known = rulebooks.names()
    monkeypatch.setattr(rulebooks, "names", lambda: (*known, "hostile"))
    load = rulebooks.load

    def loaded(name, parameters):
        return rulebooks.load_text(hostile, "hostile.yaml", parameters) if name == "hostile" else load(name, parameters)

    monkeypatch.setattr(rulebooks, "load", loaded)
    text = fed_by("hostile", "list")
    finding = at_the_feed(text, "protected-act-penalised")
    assert finding.at == "hostile.list.J1"
    assert states(audit_document(read_text(text, "base.yaml")))["iccpr", "expression"] == MET


def test_of_a_book_that_is_not_in_the_library_nothing_is_known_and_nothing_said():
    assert [f.check.id for f in found(fed_by("a-book-of-ours", "list"))] == []


@pytest.mark.parametrize("name", ["rongcheng-2019", "reality-2020", "sesame"])
def test_the_library_s_feeds_are_followed(name):
    book = audit_document(rulebooks.document(name)).book
    feeds = [feed for part in book.parts for feed in part.feeds]
    assert feeds
    assert all(feed.behind for feed in feeds)
