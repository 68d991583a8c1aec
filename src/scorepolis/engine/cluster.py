"""A cluster as the crew: the same tasks, done by the workers of Dask distributed, on this machine or on many.

Names of files and checksums travel; districts stay in the folder of the run, which all machines share. Dask brings the
tasks to the workers, and those of a worker that dies to others.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

from scorepolis.core.errors import InputError, ScorepolisError
from scorepolis.engine.task import Receipt, Task, forget, live_month

WORKERS: Final = 256
"""Workers of this machine, at most."""
REACHED: Final = 15
"""Seconds within which a scheduler has to answer."""
JOINED: Final = 60
"""Seconds within which its first worker has to come."""


def workers_here(where: str) -> int | None:
    """Read `local:N` or `tcp://HOST:PORT`.

    Returns
    -------
    int or None
        N; None for an address.

    Raises
    ------
    InputError
        If it is neither.
    """
    local = re.fullmatch(r"local:([1-9]\d{0,2})", where)
    if local and int(local[1]) <= WORKERS:
        return int(local[1])
    if re.fullmatch(r"tcp://[^\s/]+:\d{1,5}", where):
        return None
    raise InputError(
        f"the cluster is {where!r}",
        expected=f"local:N, N workers of this machine (at most {WORKERS}), or tcp://HOST:PORT, a Dask scheduler",
    )


def check_installed() -> None:
    """Say what to install where Dask distributed is missing."""
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        raise InputError(
            f"a cluster needs Dask distributed ({error})", expected="pip install 'scorepolis[cluster]'"
        ) from error


class Cluster:
    """The workers of a scheduler.

    Parameters
    ----------
    client
        Connected with the scheduler.
    spare
        Bytes of districts that each worker may keep between tasks.
    """

    def __init__(self, client: Any, spare: int = 0) -> None:  # noqa: ANN401 - Dask's
        self._client, self.spare = client, spare
        self._done_by: dict[int, str] = {}

    @property
    def hands(self) -> int:
        """How many tasks are done at once."""
        threads: dict[str, int] = self._client.nthreads()
        return max(1, sum(threads.values()))

    def of_each(self) -> tuple[int, int]:
        """Give the least memory that Dask allows a worker, in bytes, 0 for no limit; and the most threads of one."""
        workers = self._client.scheduler_info(n_workers=-1)["workers"].values()
        limits = [worker["memory_limit"] or 0 for worker in workers]
        return min(limits, default=0), max((worker["nthreads"] for worker in workers), default=1)

    def each(self, tasks: Sequence[Task]) -> Iterator[Receipt]:
        """Do tasks, and give receipts as they come; the first error stops them."""
        from distributed import CancelledError, KilledWorker, as_completed
        from distributed.comm import CommClosedError

        futures = []
        try:
            futures = [self._submitted(task) for task in tasks]
            for future in as_completed(futures, loop=self._client.loop):
                worker, receipt = future.result()
                self._done_by[receipt.first] = worker
                yield receipt
        except KilledWorker as error:
            raise ScorepolisError(
                f"a task was given up, since the worker died each time it was tried, {error.allowed_failures + 1} times"
            ) from error
        except (CancelledError, CommClosedError, TimeoutError) as error:
            raise ScorepolisError("the scheduler of the cluster is gone") from error
        finally:
            with suppress(Exception):
                self._client.cancel([future for future in futures if not future.done()])

    def _submitted(self, task: Task) -> Any:  # noqa: ANN401 - Dask's
        """Submit a task, to the worker that did its districts last, if it is there: it may still have them."""
        worker = self._done_by.get(task.first)
        known = worker in self._client.nthreads()
        return self._client.submit(
            at_work, task, pure=False, workers=[worker] if known else None, allow_other_workers=known
        )


def at_work(task: Task) -> tuple[str, Receipt]:
    """Do a task, and say who did it."""
    from distributed import get_worker

    return get_worker().address, live_month(task)


@contextmanager
def hired(where: str) -> Iterator[Cluster]:
    """Start the workers of this machine, or connect with a scheduler, and let go of them at the end.

    Parameters
    ----------
    where
        `local:N` or `tcp://HOST:PORT`.

    Raises
    ------
    InputError
        If Dask is missing, the scheduler does not answer, or no worker comes.
    """
    number = workers_here(where)
    check_installed()
    from distributed import Client, LocalCluster

    logger = logging.getLogger("distributed")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    local = None
    client = None
    try:
        if number is not None:
            local = LocalCluster(
                n_workers=number, threads_per_worker=1, processes=True, memory_limit=None,
                dashboard_address="127.0.0.1:0", silence_logs=logging.CRITICAL,
            )  # fmt: skip
        try:
            client = Client(where if local is None else local, timeout=REACHED, set_as_default=False)
        except OSError as error:
            raise InputError(
                f"there is no scheduler at {where}", expected="the address of a Dask scheduler that runs"
            ) from error
        try:
            client.wait_for_workers(1, timeout=JOINED)
        except TimeoutError as error:
            raise InputError(
                f"no worker has come to {where} within {JOINED} seconds", expected="workers that were started before"
            ) from error
        yield Cluster(client)
        with suppress(Exception):
            client.run(forget)
    finally:
        for one in (client, local):
            if one is not None:
                with suppress(Exception):
                    one.close()
        logger.setLevel(level)
