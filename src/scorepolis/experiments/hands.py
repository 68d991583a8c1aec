"""Who does the work of many runs: this process, processes beside it, or the workers of a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import CancelledError
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scorepolis.core.errors import InputError, ScorepolisError

if TYPE_CHECKING:
    from concurrent.futures import Executor


@dataclass(frozen=True)
class Hands:
    """Those who work.

    Attributes
    ----------
    executor : Executor or None
        Takes what is to be done; None if this process does it.
    number : int
        How many tasks it does at once.
    deadly : tuple of type
        What a task ends with if its worker died each time that it was tried.
    """

    executor: Executor | None
    number: int
    deadly: tuple[type[Exception], ...] = ()


@contextmanager
def processes(count: int) -> Iterator[Hands]:
    """Open so many worker processes, each started afresh, without the program that calls; none if it is none.

    Raises
    ------
    ScorepolisError
        If one of them was killed.
    """
    if count == 0:
        yield Hands(None, 0)
        return
    # Those of the standard library would run a user's script once more in every worker.
    from loky import ProcessPoolExecutor

    executor = ProcessPoolExecutor(count)
    finished = False
    try:
        yield Hands(executor, count)
        finished = True
    except BrokenProcessPool as error:
        raise ScorepolisError(
            "a worker process was killed, perhaps for want of memory; fewer workers, threads or people need less"
        ) from error
    finally:
        executor.shutdown(kill_workers=not finished)


@contextmanager
def on_cluster(where: str) -> Iterator[Hands]:
    """Hire the workers of a cluster; a task whose worker dies goes to another one.

    Parameters
    ----------
    where : str
        ``local:N`` or ``tcp://HOST:PORT``.

    Raises
    ------
    InputError
        If there is no such cluster, or Dask is not installed.
    ScorepolisError
        If it is lost on the way.
    """
    from scorepolis.engine.client import connected

    with connected(where) as client:
        from distributed import KilledWorker
        from distributed.comm import CommClosedError

        executor = client.get_executor(pure=False)
        try:
            yield Hands(executor, max(1, sum(client.nthreads().values())), (KilledWorker,))
        except (CancelledError, CommClosedError) as error:
            raise ScorepolisError("the scheduler of the cluster is gone") from error
        finally:
            executor.shutdown(wait=False)  # what nobody waits for any more is given up


def check_cluster(cluster: str | None, **others: int | None) -> None:
    """Refuse a cluster that cannot be one, or that is asked for beside other workers."""
    if cluster is None:
        return
    for name, number in others.items():
        if number is not None:
            raise InputError(f"a cluster and {number} {name} are asked for", expected="one of the two")
    from scorepolis.engine.client import check_installed, workers_here

    workers_here(cluster)
    check_installed()
