"""A cluster as the crew: the same tasks, done by the workers of Dask distributed, on this machine or on many.

Names of files and checksums travel; districts stay in the folder of the run, which all machines share. Dask brings the
tasks to the workers, and those of a worker that dies to others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from typing import Any, Final

from scorepolis import __version__
from scorepolis.core.errors import InputError, ScorepolisError
from scorepolis.engine.client import connected
from scorepolis.engine.task import Receipt, Task, forget, live_month

PATIENCE: Final = 60
"""Seconds without a receipt after which one looks whether anybody is left."""


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
        from distributed import CancelledError, KilledWorker
        from distributed.comm import CommClosedError

        pending: set[Any] = set()
        try:
            there = self._client.nthreads()
            pending = {self._submitted(task, there) for task in tasks}
            while pending:
                done, pending = self._some(pending)
                for future in done:
                    worker, receipt = future.result()
                    self._done_by[receipt.first] = worker
                    yield receipt
        except KilledWorker as error:
            raise ScorepolisError(
                f"a task was given up, since the worker died each time it was tried, {error.allowed_failures + 1} times"
            ) from error
        except (CancelledError, CommClosedError) as error:
            raise ScorepolisError("the scheduler of the cluster is gone") from error
        except RuntimeError as error:
            if "deserialization" in str(error):
                raise _unknown("the scheduler") from error
            raise
        finally:
            with suppress(Exception):
                self._client.cancel(list(pending))

    def _some(self, pending: set[Any]) -> tuple[set[Any], set[Any]]:
        """Wait until some tasks are done; ScorepolisError if nothing happens and nobody is there any more."""
        from distributed import wait

        while True:
            try:
                with self._client.as_current():
                    found = wait(pending, timeout=PATIENCE, return_when="FIRST_COMPLETED")
            except TimeoutError:
                if not self._client.nthreads():
                    raise ScorepolisError("no worker of the cluster is left") from None
            else:
                return found.done, found.not_done

    def _submitted(self, task: Task, there: Collection[str]) -> Any:  # noqa: ANN401 - Dask's
        """Submit a task, to the worker that did its districts last, if it is there: it may still have them."""
        worker = self._done_by.get(task.first)
        where = [worker] if worker in there else None
        return self._client.submit(at_work, task, pure=False, workers=where, allow_other_workers=where is not None)


def _unknown(who: str) -> InputError:
    return InputError(
        f"{who} of the cluster does not know the tasks of this version of Scorepolis",
        expected=f"version {__version__} on every machine",
    )


def _check_workers(client: Any) -> None:  # noqa: ANN401 - Dask's
    """Refuse workers without Scorepolis, or one that has no such tasks: sent one, they would go away in silence."""
    try:
        found = client.run(find_spec, live_month.__module__)
    except ModuleNotFoundError as error:
        raise _unknown("a worker") from error
    for worker, spec in found.items():
        if spec is None:
            raise _unknown(f"the worker at {worker}")


def at_work(task: Task) -> tuple[str, Receipt]:
    """Do a task, and say who did it, or refuses to."""
    from distributed import get_worker

    worker: str = get_worker().address
    try:
        return worker, live_month(task)
    except InputError as error:
        error.message = f"the worker at {worker} refuses: {error.message}"
        raise


@contextmanager
def hired(where: str) -> Iterator[Cluster]:
    """Connect with workers who know the tasks of a run; at the end they let go of what they keep.

    Parameters
    ----------
    where
        `local:N` or `tcp://HOST:PORT`.

    Raises
    ------
    InputError
        If Dask is missing, the scheduler does not answer, no worker comes, or one does not know the tasks.
    """
    with connected(where) as client:
        _check_workers(client)
        yield Cluster(client)
        with suppress(Exception):
            client.run(forget)
