"""Who does the work of many runs changes the time taken and nothing else; a worker that dies costs its task again."""

import sys
import time

import pandas as pd
import pytest

import scorepolis as sp
from scorepolis.core.errors import InputError, ScorepolisError
from scorepolis.experiments import pool
from scorepolis.experiments.hands import check_cluster, on_cluster
from scorepolis.experiments.points import Task
from scorepolis.scenarios import load as load_scenario

SWEEP = """
version: 1
name: little
title: A little sweep
kind: sweep
scenario: village
people: 300
days: 20
seeds: 2
design: grid
parameters:
  coefficients.awareness.awareness: {values: [0, 0.5, 1]}
measures: [chilled, bad_acts]
"""


@pytest.mark.parametrize("where", ["local", "local:0", "local:999", "tcp://", "http://here:80", "here:8786"])
def test_a_cluster_that_cannot_be_one_is_refused(where):
    with pytest.raises(InputError, match=r"the cluster is .*; expected local:N"):
        check_cluster(where)


def test_a_cluster_and_workers_are_one_too_many():
    with pytest.raises(InputError, match="a cluster and 2 workers are asked for; expected one of the two"):
        check_cluster("local:2", workers=2)


def test_a_cluster_without_dask_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"a cluster needs Dask distributed .*scorepolis\[cluster\]"):
        check_cluster("local:1")


@pytest.mark.slow
def test_a_scheduler_that_is_not_there_is_told(monkeypatch):
    monkeypatch.setattr("scorepolis.engine.client.REACHED", 1)
    with pytest.raises(InputError, match="there is no scheduler at"), on_cluster("tcp://127.0.0.1:9"):
        pass


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_cluster_changes_no_number(tmp_path):
    file = tmp_path / "little.yaml"
    file.write_text(SWEEP, encoding="utf-8")
    here = sp.experiment(file, workers=1)
    there = sp.experiment(file, cluster="local:2", out=tmp_path / "out")
    pd.testing.assert_frame_equal(here.results, there.results)
    assert len(list((tmp_path / "out" / "points").iterdir())) == 3
    some = {"society": "village", "people": 300, "days": 20, "seeds": 3}
    one = sp.compare("rongcheng-2019", **some)
    two = sp.compare("rongcheng-2019", cluster="local:2", **some)
    pd.testing.assert_frame_equal(one.measures, two.measures)
    pd.testing.assert_frame_equal(one.persons, two.persons)
    pd.testing.assert_frame_equal(one.luck, two.luck)


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_worker_that_dies_costs_its_task_again_and_one_that_always_dies_is_a_row(tmp_path, monkeypatch):
    mark = tmp_path / "once"
    at_once = str(mark)

    def once(task, point, seeds):
        import os
        from pathlib import Path

        from scorepolis.experiments.points import Row

        if point["number"] == 2:
            os._exit(9)
        if not Path(at_once).exists():
            Path(at_once).touch()
            os._exit(9)
        return [Row(seed, {"number": point["number"]}) for seed in seeds]

    once.__module__ = "__main__"  # so that it travels whole
    monkeypatch.setattr(pool, "evaluate", once)
    task = Task(load_scenario("village"), 300, 20)
    with on_cluster("local:1") as hands:
        rows = pool.Pool(task, None, hands, lambda: None).run([({"number": 1}, (1, 2)), ({"number": 2}, (1, 2))])
    assert mark.exists()
    assert [(row.seed, row.numbers.get("number"), row.error) for row in rows[0]] == [(1, 1, None), (2, 1, None)]
    assert [(row.numbers, row.error) for row in rows[1]] == [({}, "the worker died each time that this was tried")] * 2


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_cluster_that_is_lost_is_told():
    def lost():
        with on_cluster("local:1") as hands:
            late = hands.executor.submit(time.sleep, 60)
            hands.executor._client.cancel(list(hands.executor._futures))
            late.result()

    with pytest.raises(ScorepolisError, match="the scheduler of the cluster is gone"):
        lost()
