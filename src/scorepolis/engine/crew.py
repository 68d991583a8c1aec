"""Crews: who does tasks, and the threads of this process as the crew that is always there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Protocol

from scorepolis.engine.task import Receipt, Task, forget, live_month


class Crew(Protocol):
    """Whoever does tasks.

    Attributes
    ----------
    hands
        About how many tasks are done at once.
    spare
        Bytes of districts that each process may keep between tasks.
    """

    @property
    def hands(self) -> int: ...  # noqa: D102 - an attribute

    @property
    def spare(self) -> int: ...  # noqa: D102

    def each(self, tasks: Sequence[Task]) -> Iterator[Receipt]:
        """Do tasks, and give receipts as they come; the first error stops them."""
        ...


class Threads:
    """Threads of this process.

    Parameters
    ----------
    threads
        How many.
    spare
        Bytes of districts that all of them together may keep between tasks.
    """

    def __init__(self, threads: int, spare: int) -> None:
        self.hands, self.spare = threads, spare

    def each(self, tasks: Sequence[Task]) -> Iterator[Receipt]:
        """Do tasks, and give receipts as they come; the first error stops them."""
        pool = ThreadPoolExecutor(self.hands, thread_name_prefix="task")
        try:
            for future in as_completed([pool.submit(live_month, task) for task in tasks]):
                yield future.result()
        except BaseException:
            forget()
            raise
        finally:
            pool.shutdown(cancel_futures=True)
