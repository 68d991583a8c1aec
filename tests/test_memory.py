"""A run that would not fit into memory is refused before anything is built."""

from __future__ import annotations

import pytest

import scorepolis as sp
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import load as load_rulebook
from scorepolis.runs import memory


@pytest.fixture(scope="module")
def books():
    parameters = load_parameters()
    return [load_rulebook(name, parameters) for name in ("defaulter-list-2017", "rongcheng-2019")]


def test_more_people_and_more_instruments_need_more(books):
    lists, both = books[:1], books
    assert memory.needed(1000, lists, [None]) < memory.needed(2000, lists, [None])
    assert memory.needed(1000, lists, [None]) < memory.needed(1000, both, [None, None])
    assert memory.needed(1000, both, [None, ("weihai",)]) == memory.needed(1000, lists, [None])


def test_what_would_not_fit_is_refused_with_what_would():
    with pytest.raises(
        sp.InputError, match=r"1,409,778,724 people need about .* GiB.*budget is 8.0 GiB.*at most .* people"
    ):
        sp.run("national", memory=8)
    with pytest.raises(sp.InputError, match="a larger budget"):
        sp.run("village", memory=0.1)


def test_the_number_told_fits(books):
    with pytest.raises(sp.InputError) as refused:
        memory.check_memory(10**9, books, [None, None], 4)
    fitting = int(refused.value.expected.split("at most ")[1].split(" people")[0].replace(",", ""))
    memory.check_memory(fitting, books, [None, None], 4)
    with pytest.raises(sp.InputError):
        memory.check_memory(fitting + 100, books, [None, None], 4)


@pytest.mark.parametrize("budget", [0, -1, float("nan"), 1e9])
def test_a_budget_is_a_number_of_gib(budget):
    with pytest.raises(sp.InputError, match="memory is"):
        sp.run("village", memory=budget)


def test_a_container_may_have_less_than_the_machine(monkeypatch, tmp_path):
    limit = tmp_path / "memory.max"
    limit.write_text("1000000\n")
    monkeypatch.setattr(memory, "CONTAINER", limit)
    assert memory.available() == 1_000_000
    limit.write_text("max\n")
    assert memory.available() > 1_000_000
