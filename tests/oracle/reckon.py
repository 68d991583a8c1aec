"""Section 9, the month's end: scores made anew from what has been counted, and ranks among peers."""

from datetime import timedelta

from .agenda import RECKONED
from .rank import Rank


def month_number(date):
    """Z."""
    return 12 * date.year + date.month - 1


def today(world, day):
    return month_number(world.start + timedelta(days=day))


def reckon(world, scoring, day):
    """The first row of the month's end; who has another score by it gets an entry."""
    z = today(world, day)
    for person in world.society.people:
        for instrument in person.instruments:
            account = person.accounts[instrument.number]
            if instrument.method is not None and account.in_scope:
                before = scoring.look(person, instrument)
                instrument.method.reckon(person, account, z)
                enter(scoring, person, instrument, before)


def rank(world, scoring, day):
    """The last row before the counts: the peers of a rank are all in scope, wherever it is in force."""
    z = today(world, day)
    for k in range(len(world.setting.instruments)):
        if isinstance(world.setting.instruments[k].method, Rank):
            rank_under(world, scoring, k, z)


def rank_under(world, scoring, k, z):
    """`k` is the rank's number in the run."""
    peers = []
    for person in world.society.people:
        if k in person.region.numbers:
            instrument = person.instruments[person.region.numbers.index(k)]
            account = person.accounts[instrument.number]
            if account.in_scope:
                peers.append((person, instrument, account, instrument.method.merit(person, account, z)))
    raw = world.setting.instruments[k].method.places([merit for *_, merit in peers])
    for person, instrument, account, merit in peers:
        before = scoring.look(person, instrument)
        account.raw = raw[merit]
        enter(scoring, person, instrument, before)


def enter(scoring, person, instrument, before):
    change = person.accounts[instrument.number].score(instrument) - before[0]
    if change != 0:
        scoring.enter(RECKONED, person, instrument, before, points=change)
