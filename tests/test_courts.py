"""What rulebooks say of courts: it replaces the model's numbers where a book is in force, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest
from tests import two_provinces

from scorepolis import parameters, rulebooks
from scorepolis.core.buffers import UNABLE
from scorepolis.core.errors import InputError
from scorepolis.core.exact import q
from scorepolis.core.provenance import Quantity
from scorepolis.day.coefficients import GRACE, MISTAKEN_ABLE, MISTAKEN_UNABLE, coefficient_table
from scorepolis.day.regions import build_regions
from scorepolis.engine.world import World
from scorepolis.report.rulebooks.differing import diff
from scorepolis.report.rulebooks.grounds import grounds
from scorepolis.report.rulebooks.outline import about
from scorepolis.report.rulebooks.pages import pages
from scorepolis.rulebooks.courts import said_of_courts
from scorepolis.society import build_places

PARAMETERS = parameters.load()
SAYING = ("defaulter-list", "spending-restriction")
BOOKS = {name: rulebooks.load(name, PARAMETERS) for name in rulebooks.names()}
BARE = BOOKS["defaulter-list-2017"]
OWN = coefficient_table(PARAMETERS)
SEVENTEEN = "defaulter-list-2017", "spending-restriction-2017"


def number(value, unit="days"):
    return Quantity(value=value, unit=unit, status="assumed", reason="made up", range=(0, 1000))


def saying(book=BARE, name=None, **numbers):
    named = {} if name is None else {"name": name}
    return book.with_(courts={key: number(value) for key, value in numbers.items()}, **named)


# Suits are many, and so are those who cannot pay.
LITIGIOUS = {
    "behaviours.contract_breach.suit": 0.5,
    "behaviours.late_loan_payment.suit": 0.5,
    "behaviours.late_utility_bill.suit": 0.5,
    "coefficients.courts.applies": 1,
    "coefficients.courts.unable_at_full_hardship": 1,
    "coefficients.life.poverty_line": 15_000,
}


def lived(*books, **coefficients):
    set_ = LITIGIOUS | {f"coefficients.courts.{name}": value for name, value in coefficients.items()}
    world = World(parameters.load(set_), books, society="village", people=1000, seed=5)
    world.run(60)
    return world


def listed(world):
    """Entries on the list, and those of the unable."""
    ledger = world.tally.ledger()
    return len(ledger["slot"]), int(np.count_nonzero(ledger["truth"] == UNABLE))


def differing(one, other):
    """Counts in which two worlds differ."""
    counts = dict(other.tally.counts().items())
    return {name for name, counted in one.tally.counts().items() if not np.array_equal(counted, counts[name])}


# ------------------------------------------------------------------------------------------------- the numbers


def test_what_is_said_replaces_these_numbers_and_no_others():
    said = said_of_courts([saying(grace=7, mistaken_able=0.25, mistaken_unable=0)])
    table = coefficient_table(PARAMETERS, said)
    assert np.flatnonzero(table != OWN).tolist() == [GRACE, MISTAKEN_ABLE, MISTAKEN_UNABLE]
    assert table[[GRACE, MISTAKEN_ABLE, MISTAKEN_UNABLE]].tolist() == [7, 1 << 30, 0]


def test_what_is_not_said_stays_the_models():
    table = coefficient_table(PARAMETERS, said_of_courts([BARE, saying(mistaken_able=0.3)]))
    assert np.flatnonzero(table != OWN).tolist() == [MISTAKEN_ABLE]
    assert table[MISTAKEN_ABLE] == q(32, number(0.3).exact)
    assert said_of_courts([BARE]) == {}


def test_the_parameters_stay_what_they_are():
    coefficient_table(PARAMETERS, said_of_courts([saying(grace=7)]))
    assert coefficient_table(PARAMETERS).tolist() == OWN.tolist()


def test_it_holds_where_the_book_is_in_force(tmp_path):
    loaded = two_provinces.load(two_provinces.write(tmp_path), {})
    society = loaded.societies["two"]
    places = build_places(society, 1500, loaded)
    one, other = saying(name="one", grace=7), saying(name="other", grace=9, mistaken_able=0.5)
    regions = build_regions(loaded, [one, other, BARE], (["lakeside"], ["tibet"], None), society, places, 1)
    graces = {books: int(t["coefficients"][GRACE]) for (_, books), t in zip(regions.names, regions.tables, strict=True)}
    assert graces == {(0, 2): 7, (1, 2): 9, (2,): OWN[GRACE]}
    untouched = next(t for (_, books), t in zip(regions.names, regions.tables, strict=True) if books == (2,))
    assert untouched["coefficients"] is regions.common["coefficients"]
    assert regions.common["coefficients"].tolist() == coefficient_table(loaded).tolist()


# ------------------------------------------------------------------------------------------------- two books at once


@pytest.mark.parametrize(("name", "value"), [("grace", 90), ("mistaken_able", 0.5), ("mistaken_unable", 0)])
def test_books_that_say_different_things_of_a_number_are_refused(name, value):
    one, other = saying(name="one", **{name: 1}), saying(BOOKS["law-only"], name="other", **{name: value})
    with pytest.raises(InputError, match=f"'one' and 'other' .*`courts.{name}`: 1 and {value} days") as caught:
        World(PARAMETERS, [one, BARE, other], society="village", people=300)
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)


def test_books_of_different_years_do_not_fit_together():
    with pytest.raises(InputError, match=r"'defaulter-list-2020' and 'defaulter-list-2024' .*courts\.grace"):
        said_of_courts([BOOKS["defaulter-list-2020"], BOOKS["defaulter-list-2024"]])


def test_books_that_say_the_same_or_different_numbers_fit_together():
    whole, fraction = saying(name="one", grace=30), saying(name="other", grace=30.0, mistaken_able=0.2)
    assert {name: said.value for name, said in said_of_courts([whole, fraction]).items()} == {
        "grace": 30,
        "mistaken_able": 0.2,
    }


def test_books_in_force_in_different_places_may_differ(tmp_path):
    loaded = two_provinces.load(two_provinces.write(tmp_path), {})
    books = [saying(name="one", grace=7), saying(name="other", grace=9)]
    World(loaded, books, society="two", where=[["lakeside"], ["tibet"]], people=1500)
    with pytest.raises(InputError, match="'one' and 'other'"):
        World(loaded, books, society="two", where=[["lakeside"], ["qinghai"]], people=1500)


# ------------------------------------------------------------------------------------------------- its effect


def test_a_number_said_by_a_book_does_what_the_same_number_of_the_model_does():
    """On the first day, too: cases of the time before that wait for their decision are decided by the book."""
    numbers = {"grace": 7, "mistaken_able": 0.25, "mistaken_unable": 0.5}
    here, there, own = lived(saying(**numbers)), lived(BARE, **numbers), lived(BARE)
    assert differing(here, there) == set()
    assert {"courts", "in_scope"} & differing(here, own) == {"courts"}


def test_the_book_stands_in_place_of_a_number_that_is_set_for_the_run():
    assert differing(lived(saying(grace=7)), lived(saying(grace=7), grace=300)) == set()


def test_who_is_taken_for_able_is_listed():
    (_, none), (_, everybody) = (listed(lived(saying(mistaken_able=share))) for share in (0, 1))
    assert none == 0 < everybody
    (most, _), (few, _) = (listed(lived(saying(mistaken_unable=share))) for share in (0, 1))
    assert few < most


def test_the_baseline_has_the_courts_of_the_model():
    with_scheme = World(PARAMETERS, [saying(grace=7)], society="village", people=300)
    law = World(PARAMETERS, [], society="village", people=300, like=with_scheme)
    assert law.tables["coefficients"].tolist() == OWN.tolist()


# ------------------------------------------------------------------------------------------------- the books


@pytest.mark.parametrize("year", [2020, 2024])
def test_the_two_instruments_of_a_year_agree(year):
    one, other = (said_of_courts([BOOKS[f"{name}-{year}"]]) for name in SAYING)
    patchwork = said_of_courts([BOOKS[{2020: "reality-2020", 2024: "reality-2025"}[year]]])
    assert one == other == patchwork
    assert one


@pytest.mark.parametrize("name", [f"{name}-{year}" for name in SAYING for year in (2013, 2017)])
def test_the_older_books_leave_courts_to_the_model(name):
    assert BOOKS[name].courts is None
    assert "courts" not in BOOKS[name].model_dump(exclude_none=True)


def test_grace_grows_and_the_unable_are_told_apart():
    older, newer = (said_of_courts([BOOKS[f"defaulter-list-{year}"]]) for year in (2020, 2024))
    courts = PARAMETERS.coefficients.courts
    assert courts.grace.value < older["grace"].value < newer["grace"].value
    assert newer["mistaken_able"].value < courts.mistaken_able.value


# ------------------------------------------------------------------------------------------------- what people read


def test_a_book_that_says_nothing_of_courts_is_the_book_that_it_was():
    assert BARE.digest() == BARE.with_(courts=None).digest()
    assert BARE.digest() != saying(grace=60).digest()
    assert saying(grace=60).digest() != saying(grace=61).digest()


def test_its_page_says_how_courts_act():
    written = dict(pages())
    assert (
        "- From the application for enforcement to the decision it takes 80 days (assumed)."
        in (written["defaulter-list-2020.md"])
    )
    newer = written["reality-2025.md"]
    assert "- Of those who cannot pay, 5 % are taken for able (assumed)." in newer
    assert "courts, mistaken able" in newer.partition("## What is not known")[2]
    assert "## Courts" not in written["defaulter-list-2017.md"]


def test_it_is_told_in_a_terminal_and_compared():
    newer = BOOKS["defaulter-list-2024"]
    said = "Courts, in place of the model's numbers: grace 100 days; mistaken_able 0.05 share of the unable"
    assert said in list(about(newer))
    assert not any(line.startswith("Courts") for line in about(BARE))
    lines = [one.line() for one in diff(BOOKS["defaulter-list-2020"], newer)]
    assert "~ courts.grace: 80 days -> 100 days" in lines
    assert "+ courts.mistaken_able: 0.05 share of the unable" in lines
    assert {one.place for one in grounds(newer)} >= {"courts, grace", "courts, mistaken able"}
