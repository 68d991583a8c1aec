"""What a run needs of memory; one that does not fit, and has no folder, is refused before anything is built."""

from __future__ import annotations

import pytest

import scorepolis as sp
from scorepolis.core.columns import COLUMNS
from scorepolis.engine.world import World
from scorepolis.firms.start import firm_spaces
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import load as load_rulebook
from scorepolis.runs import memory


@pytest.fixture(scope="module")
def books():
    parameters = load_parameters()
    return [load_rulebook(name, parameters) for name in ("defaulter-list-2017", "rongcheng-2019")]


def load(people, books, where, **more):
    return memory.Load(people, min(people, 50_000), books, where, **more)


def test_more_people_and_more_instruments_need_more(books):
    lists, both = books[:1], books
    assert load(1000, lists, [None]).needed < load(2000, lists, [None]).needed
    assert load(1000, lists, [None]).needed < load(1000, both, [None, None]).needed
    assert load(1000, both, [None, ("weihai",)]).needed == load(1000, lists, [None]).needed
    assert load(1000, lists, [None]).at_work < load(1000, both, [None, ("weihai",)]).at_work


def test_whom_one_follows_needs_memory_by_day_and_no_more_than_there_are(books):
    followed = [
        load(10**6, books, [None, None], panel=n, days=d).needed for n, d in ((0, 365), (10**4, 30), (10**4, 365))
    ]
    assert followed[0] < followed[1] < followed[2]
    small = [load(1000, books, [None, None], panel=n, days=365).needed for n in (1000, 10**7)]
    assert small[0] == small[1]


def test_firms_need_memory_and_not_less_than_their_columns_have():
    parameters = load_parameters()
    rating = [load_rulebook(name, parameters) for name in ("corporate-tax", "corporate-court-2020")]
    per_person = sum(per.value for _, per in parameters.firms.numbers) / 1000
    none, some = (load(100_000, rating, [None, None], firms=firms) for firms in (0, per_person))
    assert none.needed < some.needed
    assert none.at_work < some.at_work
    world = World(parameters, rating, society="village", people=1000)
    d = world.districts[0]
    firms, kept, all_told = d["firm_size"].size, 0, 0
    for name, column in COLUMNS.items():
        if name.startswith("firm_") and column.per.startswith("firm"):
            kept += d[name].nbytes
    for array in firm_spaces(d, firms).values():
        all_told += array.nbytes
    assert 0.5 < kept / (firms * memory.FIRM + firms * 3 * memory.FIRM_ACCOUNT) < 1
    assert 0.5 < all_told / (firms * memory.FIRM_AT_WORK + firms * 3 * memory.FIRM_ENTRIES) < 1.2


def test_what_would_not_fit_is_refused_with_what_would():
    with pytest.raises(
        sp.InputError, match=r"1,409,778,724 people need about .* GiB.*budget is 8.0 GiB.*at most .* people.*--out"
    ):
        sp.run("national", memory=8)
    with pytest.raises(sp.InputError, match="a larger budget"):
        sp.run("village", memory=0.1)


def test_without_checkpoints_there_is_nowhere_to_put_it(tmp_path):
    with pytest.raises(sp.InputError, match="a folder with checkpoints"):
        sp.run("national", memory=8, out=tmp_path / "a", checkpoints=False)
    assert list(tmp_path.iterdir()) == []


def test_the_number_told_fits(books):
    def share(people):
        return memory.share_of(load(people, books, [None, None], panel=20_000, days=365), 4, threads=2, filed=False)

    with pytest.raises(sp.InputError) as refused:
        share(10**9)
    fitting = int(refused.value.expected.split("at most ")[1].split(" people")[0].replace(",", ""))
    assert share(fitting) is None
    with pytest.raises(sp.InputError):
        share(fitting + 100)


def test_out_of_core_as_many_districts_are_at_work_as_fit_and_the_rest_is_spare(books):
    what = load(10**9, books, [None, None])

    def share(budget, threads):
        return memory.share_of(what, budget / memory.GIB, threads=threads, filed=True)

    least = memory.PROCESS + what.at_work
    assert share(least + 1, 8) == memory.Share(1, 1)
    assert share(least + what.at_work + 1, 8) == memory.Share(2, 1)
    assert share(least + 4 * what.at_work, 2) == memory.Share(2, 3 * what.at_work)
    with pytest.raises(sp.InputError, match=r"one district at a time needs about .* GiB.*at least"):
        share(least - 1, 8)


def test_workers_of_this_machine_share_its_memory_with_who_leads(books):
    what = load(10**9, books, [None, None])
    least = 3 * memory.PROCESS + 2 * what.at_work
    assert memory.spare_of_worker(what, (least + 10) / memory.GIB, 2) == 5
    with pytest.raises(sp.InputError, match="one district at a time"):
        memory.spare_of_worker(what, (least - 1) / memory.GIB, 2)


def test_workers_elsewhere_keep_what_they_are_told_or_half_of_what_dask_allows(books):
    what = load(10**9, books, [None, None])
    least = memory.PROCESS + 4 * what.at_work
    assert memory.spare_of_remote(what, (least + 10) / memory.GIB, 1, 4) == 10
    assert memory.spare_of_remote(what, None, 2 * least + 10, 4) == 5
    assert memory.spare_of_remote(what, None, 0, 4) == memory.spare_of_remote(what, None, least, 4) == 0
    with pytest.raises(sp.InputError, match="one district at a time"):
        memory.spare_of_remote(what, (least - 1) / memory.GIB, 0, 4)


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
