"""Calls by address: the same as Numba's own, of the arguments that were laid out, and of no others."""

import ctypes
import time

import numpy as np
import pytest

from scorepolis.core.calls import Layout, call, now
from scorepolis.core.compiled import compile_once, compiled
from scorepolis.day import district
from scorepolis.day.plan import PLAN
from scorepolis.day.space import BUFFERS, ROWS, make_space
from scorepolis.engine import clock as clocks
from scorepolis.engine.clock import thread_clock
from scorepolis.engine.world import World
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import load as load_rulebook


@compiled
def add_up(day, table, column, sums):
    """Write what depends on every word of every argument."""
    for i in range(table.shape[0]):
        for j in range(table.shape[1]):
            sums[i] += day * np.int64(table[i, j]) * np.int64(column[j])


@compiled
def enter(code, words):
    """Call from compiled code, as a day does."""
    return call(code, words)


@compiled
def halve(share, halves):
    """Take what is not a whole number."""
    halves[0] = share / 2


def columns():
    """Arguments of `add_up`: a number, a table, a column with strides, and where the result goes."""
    records = np.zeros(5, [("skipped", np.uint8), ("column", np.uint16)])
    records["column"] = [3, 1, 4, 1, 5]
    return {
        "day": np.int64(7),
        "table": np.arange(15, dtype=np.int32).reshape(3, 5),
        "column": records["column"],
        "sums": np.zeros(3, np.int64),
    }


@pytest.fixture(scope="module")
def layout():
    return Layout([(compile_once(add_up, columns(), ("column",)), ("day", "table", "column", "sums"))])


def called(layout, found):
    layout.lay(found)
    assert enter(layout.codes[0], layout.words[0]) == 0
    return found["sums"]


def expected(found, day=7):
    return day * (found["table"].astype(np.int64) * found["column"]).sum(axis=1)


def test_a_call_by_address_is_a_call(layout):
    found = columns()
    assert (called(layout, found) == expected(found)).all()
    add_up(*found.values())
    assert (found["sums"] == 2 * expected(found)).all()


def test_a_number_may_change_and_a_column_be_replaced(layout):
    found = columns()
    called(layout, found)
    assert not layout.places("nobody takes this").size
    layout.laid[layout.places("day")] = 9
    enter(layout.codes[0], layout.words[0])
    assert (found["sums"] == expected(found) + expected(found, 9)).all()
    again = found | {"day": np.int64(2), "table": found["table"] + np.int32(1), "sums": np.zeros(3, np.int64)}
    assert (called(layout, again) == expected(again, 2)).all()


@pytest.mark.parametrize(
    "other",
    [
        {"table": np.zeros((3, 5), np.int64)},
        {"table": np.zeros(15, np.int32)},
        {"table": np.zeros((5, 3), np.int32).T},
    ],
    ids=["another dtype", "other dimensions", "not contiguous"],
)
def test_what_nothing_was_compiled_for_is_refused(layout, other):
    with pytest.raises(TypeError, match="a column table like this one"):
        layout.lay(columns() | other)


def test_what_is_no_word_is_refused():
    compiled_to = compile_once(halve, {"share": 0.5, "halves": np.zeros(1)}, ())
    with pytest.raises(TypeError, match="numbers of 64 bits, not float64"):
        Layout([(compiled_to, ("share", "halves"))])


def spent(clock):
    """Nanoseconds that a thread's work took, by a clock and by Python."""
    began, before = now(clock), time.thread_time_ns()
    sum(range(2_000_000))
    after, ended = time.thread_time_ns(), now(clock)
    return ended - began, after - before


def test_the_clock_counts_processor_time(monkeypatch):
    now(thread_clock())  # compiled
    ours, pythons = spent(thread_clock())
    assert 0.9 * pythons < ours < 2 * pythons
    monkeypatch.setattr(clocks.ctypes, "CDLL", lambda _: None)  # a system without POSIX
    elsewhere = thread_clock()
    assert elsewhere[0] == ctypes.cast(clocks._ask_python, ctypes.c_void_p).value
    ours, pythons = spent(elsewhere)
    assert 0.9 * pythons < ours < 2 * pythons


class OneByOne(World):
    """A world that calls each row from Python."""

    one_by_one = True


def lived(kind=World, days=45):
    """Counts and ledger of a village, and the buffers it ended with."""
    parameters = load_parameters()
    books = [load_rulebook(name, parameters) for name in ("rongcheng-2019", "village-stars")]
    world = kind(parameters, books, society="village", seed=3)
    world.run(days)
    return dict(world.tally.counts().items()) | world.tally.ledger(), world.districts[0]


def differing(one, other):
    assert one.keys() == other.keys()
    return {name for name in one if not np.array_equal(one[name], other[name])}


def test_rows_that_are_called_one_by_one_leave_the_same():
    assert differing(lived()[0], lived(OneByOne)[0]) == set()


def test_a_day_stops_for_longer_buffers_and_goes_on(monkeypatch):
    found, grown = lived()
    assert all(len(grown[name]) for name in ("agenda_key", "entries", "entries_kind"))
    usual = district.buffers

    def long(tables, slots):
        held = usual(tables, slots)
        short = [name for names in BUFFERS for name in names if name in held and not len(held[name])]
        return held | {name: np.zeros((20_000, *held[name].shape[1:]), held[name].dtype) for name in short}

    monkeypatch.setattr(district, "buffers", long)
    again, enough = lived()
    assert all(len(enough[name]) == 20_000 for name in ("agenda_key", "entries", "entries_kind"))
    assert differing(found, again) == set()


def test_every_row_that_writes_as_much_as_happens_makes_space():
    growing = {name for names in BUFFERS for name in names} | {"due_next"}
    writing = {row.name for row in PLAN if row.scope == "district" and growing & set(row.writes)}
    assert writing <= set(ROWS)
    assert not make_space({}, "act")
