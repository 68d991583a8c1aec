"""What the schemes of the library are known for, and how they differ as a lawyer would expect."""

from __future__ import annotations

from functools import cache

import pytest

from scorepolis import parameters, rulebooks
from scorepolis.audit import audit
from scorepolis.audit.finding import SEVERITIES
from scorepolis.engine.world import World

PARAMETERS = parameters.load()
BOOKS = {name: rulebooks.load(name, PARAMETERS) for name in rulebooks.names()}
REWARDING = ("rongcheng-2021", "osmanthus", "honest-shanghai")
COMPARATORS = (
    *("watchlist", "us-bureau", "bonus-malus-fr", "bank-internal", "health-insurance", "platform-rating"),
    *("ad-audience", "tenant-screening", "welfare-risk"),
)


@cache
def audited(name):
    return audit(name)


def conditions(name, norm):
    return {told.condition.id: told.answer.state for told in audited(name).conditions if told.norm.id == norm}


def high(name):
    return {found.check.id for found in audited(name).open if found.check.severity == SEVERITIES[-1]}


@pytest.mark.parametrize("society", ["town", "rongcheng"])
def test_every_book_runs_in(society):
    for book in BOOKS.values():
        world = World(PARAMETERS, [book], society=society, people=400, seed=3)
        world.run(3)
        counts = world.tally.counts()
        assert counts.people[-1].sum() == 400
        assert all(counts.in_scope[-1][:, k].sum() > 0 for k in range(len(book.instruments)))


def test_myth_and_rongcheng_2021_differ_as_a_lawyer_would_expect():
    assert high("rongcheng-2021") == set()
    assert {
        "secret-rules",
        "no-appeal",
        "legal-basis-missing",
        "protected-act-penalised",
        "unable-as-unwilling",
    } <= high("myth")
    ours, popular = (conditions(name, "eu-ai-act-5-1-c") for name in ("rongcheng-2021", "myth"))
    apart = {"detriment", "unrelated-context", "unjustified-or-disproportionate"}
    assert {id for id in popular if popular[id] != ours[id]} == apart
    assert {popular[id] for id in apart} == {"met"}
    assert {ours[id] for id in apart} == {"not met"}


def test_the_reforms_mend_what_they_were_made_for():
    before, after = high("reality-2020"), high("reality-2025")
    assert after < before
    assert {"protected-act-penalised", "unable-as-unwilling"} <= before - after


@pytest.mark.parametrize("name", BOOKS)
def test_a_book_says_what_it_cannot_tell(name):
    assert BOOKS[name].limits


@pytest.mark.parametrize("name", BOOKS)
def test_no_worse_grade_opens_what_a_better_one_closes_unless_the_book_says_why(name):
    upside_down = [f"{found.at}: {found.message}" for found in audited(name).open if "better terms" in found.message]
    assert upside_down == []


@pytest.mark.parametrize("name", REWARDING)
def test_rewards_alone(name):
    for instrument in BOOKS[name].instruments:
        assert {one.effect for one in instrument.consequences} <= {"discount", "priority"}
        assert all(channel.worth >= 0 for _, channel in instrument.publicity.channels())


def test_reported_figures_stand_in_the_books():
    suining = {rule.id: rule.points.value for rule in BOOKS["suining-2010"].instruments[0].rules}
    assert 14 * suining["N1"] == -420
    assert suining["N7"] == 100
    (dogs,) = BOOKS["jinan-dogs"].instruments
    assert (dogs.start.value, dogs.rules[0].points.value, dogs.rules[0].expires.value) == (12, -3, 730)
    ledger = {rule.id: rule.points.value for rule in BOOKS["village-ledger"].instruments[0].rules}
    assert (ledger["V1"], ledger["V3"], ledger["V4"], ledger["V5"]) == (2, 10, 5, -5)


def test_no_book_has_one_national_score_but_the_myth():
    for name in ("reality-2020", "reality-2025"):
        book = BOOKS[name]
        assert len(book.instruments) >= 3
        # Nothing but the court's list reaches into another instrument, and that only before the reforms.
        fed = {(i.id, feed.instrument) for i in book.instruments for feed in i.fed_by}
        assert fed == ({("city-points", "court-list")} if name == "reality-2020" else set())
    assert len(BOOKS["myth"].instruments) == 1
    assert set(BOOKS["myth"].instruments[0].reach) == set(PARAMETERS.sensors)


def test_comparators_keep_their_information_to_themselves():
    for book in BOOKS.values():
        for feed in (feed for i in book.instruments for feed in i.fed_by):
            assert feed.rulebook not in COMPARATORS
            assert book.name not in COMPARATORS
