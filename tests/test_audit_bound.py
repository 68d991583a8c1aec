"""Conditions of norms where a rulebook treats no natural person, or treats some for what an organisation did."""

from __future__ import annotations

import pytest
from tests.test_audit import changed
from tests.test_audit_firms import APPEAL, BASE, LISTED, STATED, TERM, binds

from scorepolis.audit import audit, law
from scorepolis.audit.answer import MET, NOT_MET, UNTOLD, Answer, gravest
from scorepolis.audit.bound import OF_BOUND
from scorepolis.audit.conditions import WHOMEVER
from scorepolis.audit.static import audit_document
from scorepolis.core.yamlfile import read_text

NORMS = law.load().norms
ONLY_PEOPLE = [norm for norm in NORMS if not norm.of_firms]


def answers(text_or_name: str) -> dict[tuple[str, str], Answer]:
    made = audit_document(read_text(text_or_name, "base.yaml")) if "\n" in text_or_name else audit(text_or_name)
    return {(one.norm.id, one.condition.id): one.answer for one in made.conditions}


@pytest.mark.parametrize("book", [BASE, LISTED, "corporate-penalties-2025", "corporate-tax", "law-only"])
def test_of_a_book_that_treats_no_person_no_duty_to_people_is_met_and_nothing_that_is_forbidden(book):
    found = answers(book)
    for norm in ONLY_PEOPLE:
        for condition in norm.conditions:
            answer = found[norm.id, condition.id]
            if (norm.id, condition.id) not in WHOMEVER:
                assert answer.state == (UNTOLD if condition.duty else NOT_MET)
                assert answer.why.startswith("nothing is done to natural persons: the book")
                assert ("there is nobody of whom it could be true" in answer.why) == condition.duty


def test_it_is_told_whom_a_book_treats_instead():
    why = answers("law-only")["gdpr", "informed"].why
    assert "the book has no instrument" in why
    assert "firms alone, the self-employed as firms" in answers(BASE)["gdpr", "informed"].why
    assert "self-employed" not in answers("corporate-tax")["gdpr", "informed"].why  # which leaves them out


def test_what_protects_firms_is_answered_of_firms_and_of_nobody_where_there_are_none():
    found = answers(LISTED)
    assert found["china-constraint-2020", "told-before"] == Answer(MET, "every entry is told")
    of_nobody = answers("law-only")["china-constraint-2020", "told-before"]
    assert of_nobody.state == UNTOLD
    assert of_nobody.why.startswith("nothing is done to natural persons or firms")


def test_where_nobody_is_penalised_nobody_has_an_appeal():
    """One scores and penalises nobody: that every penalty has an appeal would be true of nobody."""
    found = answers("ad-audience")
    for key in (("gdpr", "contestable"), ("iccpr", "fair-hearing"), ("china-constraint-2020", "told-before")):
        assert found[key].state == UNTOLD
        assert "no instrument penalises anybody" in found[key].why


ENDLESS = (TERM, f"term: null\n        {STATED}")
DEFAULTERS = binds("defaulter-list-2020", "list")
SPENDING = binds("spending-restriction-2020", "restriction")
UNHEARD_OF = binds("of-somebody-else", "list")


@pytest.mark.parametrize(
    ("norm", "condition", "changes", "state", "words"),
    [
        ("eu-ai-act-5-1-c", "natural-persons", [SPENDING], MET, "under spending-restriction-2020, restriction"),
        ("eu-ai-act-5-1-c", "over-time", [SPENDING], MET, "for as long as the firm stands there"),
        ("eu-ai-act-5-1-c", "behaviour-or-traits", [SPENDING], UNTOLD, "for what the firm did"),
        ("eu-ai-act-5-1-c", "detriment", [SPENDING], MET, "deny of flight"),
        ("eu-ai-act-5-1-c", "detriment", [UNHEARD_OF], UNTOLD, "is not in the library"),
        ("eu-ai-act-5-1-c", "unrelated-context", [SPENDING], UNTOLD, "for ignoring_judgment"),
        ("eu-ai-act-5-1-c", "unjustified-or-disproportionate", [SPENDING], UNTOLD, "answers for what the firm did"),
        ("gdpr", "storage-limited", [SPENDING], MET, "which has an end"),
        ("gdpr", "storage-limited", [SPENDING, ENDLESS], NOT_MET, "list.F1 counts, which has no term"),
        ("gdpr", "informed", [SPENDING], UNTOLD, "the format of rulebooks does not say"),
        ("gdpr", "informed", [SPENDING, ("published", "secret")], NOT_MET, "are secret"),
        ("gdpr", "contestable", [SPENDING], UNTOLD, "the firm can appeal"),
        ("gdpr", "contestable", [SPENDING, (APPEAL, "")], NOT_MET, "gives the firm no appeal"),
        ("gdpr", "special-categories", [SPENDING], NOT_MET, "what the firm did, and nothing else"),
        ("iccpr", "movement", [SPENDING], MET, "flight is refused"),
        ("iccpr", "movement", [UNHEARD_OF], UNTOLD, "is not in the library"),
        ("iccpr", "privacy-and-honour", [SPENDING], NOT_MET, "shames nobody"),
        ("iccpr", "privacy-and-honour", [DEFAULTERS], MET, "billboard"),
        ("iccpr", "public-affairs", [SPENDING], NOT_MET, "no public post"),
        ("iccpr", "public-affairs", [DEFAULTERS], MET, "public_post is refused"),
        ("iccpr", "legality", [SPENDING], UNTOLD, "was not read"),
        ("iccpr", "legality", [SPENDING, ("Law on Taxes, Article 7", "None")], MET, "names no law"),
        ("iccpr", "legality", [SPENDING, (TERM, f"{TERM}\n        legal_basis: none")], MET, "has no legal basis"),
        ("china-unable-2024", "unable-told-apart", [SPENDING], UNTOLD, "could have paid is not asked"),
        ("china-constraint-2020", "objection", [SPENDING], UNTOLD, "the firm can appeal"),
        ("china-constraint-2020", "objection", [SPENDING, (APPEAL, "")], NOT_MET, "there is no appeal of a firm"),
        ("pipl-24", "transparent", [SPENDING], MET, "are published"),
        ("pipl-24", "transparent", [SPENDING, ("published", "partly")], NOT_MET, "published in part only"),
    ],
)  # fmt: skip
def test_whoever_is_held_for_a_firm_is_told_of(norm, condition, changes, state, words):
    text = changed(LISTED, changes)
    answer = answers(text)[norm, condition]
    assert answer.state == state, answer.why
    assert words in answer.why
    if answer.line is not None and norm != "china-constraint-2020":
        assert "- {rulebook:" in text.splitlines()[answer.line - 1]


def test_of_whoever_is_held_every_condition_is_answered():
    assert set(OF_BOUND) <= {(norm.id, condition.id) for norm in NORMS for condition in norm.conditions}
    for answer in answers(changed(LISTED, [SPENDING])).values():
        assert "nothing is done to" not in answer.why


def test_the_head_of_a_body_who_is_held_outweighs_an_appeal_of_others():
    """Officials can appeal under their own list; of whoever is held for a body the format says nothing."""
    found = answers("government-integrity")
    assert found["gdpr", "contestable"].state == UNTOLD
    assert "the head of a public body at listed" in found["gdpr", "contestable"].why
    assert found["eu-ai-act-5-1-c", "natural-persons"].why == "officials is about persons"


@pytest.mark.parametrize(
    ("dates", "state"),
    [
        ("from: 2022-01-01, until: null", MET),
        ("from: 2023-12-31, until: null", MET),
        ("from: 2024-01-01, until: null", NOT_MET),
        ("from: 2017-01-01, until: 2019-12-31", NOT_MET),
        ("from: 2017-01-01, until: 2020-01-01", MET),
    ],
)
def test_nothing_follows_from_a_list_that_was_never_in_force_beside_the_book(dates, state):
    """The restriction of 2020 held from 2020 to the end of 2023."""
    text = changed(LISTED, [SPENDING, ("from: 2022-01-01, until: null", dates)])
    answer = answers(text)["iccpr", "movement"]
    assert answer.state == state
    assert ("never in force beside this book" in answer.why) == (state == NOT_MET)


def test_the_gravest_answer_counts():
    bad, open_, good = (Answer(state, "") for state in (NOT_MET, UNTOLD, MET))
    assert gravest([good, open_, bad], duty=True) is bad
    assert gravest([good, open_], duty=True) is open_
    assert gravest([bad, open_, good], duty=False) is good
    first, second = Answer(MET, "first"), Answer(MET, "second")
    assert gravest([first, second], duty=True) is first
