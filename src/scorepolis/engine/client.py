"""Connecting with the workers of Dask distributed, on this machine or on many."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from scorepolis.core.errors import InputError

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


@contextmanager
def connected(where: str) -> Iterator[Any]:
    """Start the workers of this machine, or connect with a scheduler, and let go of them at the end.

    Parameters
    ----------
    where
        `local:N` or `tcp://HOST:PORT`.

    Yields
    ------
    distributed.Client
        With one worker at least.

    Raises
    ------
    InputError
        If Dask is missing, the scheduler does not answer, or no worker comes.
    """
    number = workers_here(where)
    check_installed()
    import dask
    from distributed import Client, LocalCluster

    local = client = None
    loggers = [logging.getLogger(name) for name in logging.root.manager.loggerDict if name.startswith("distributed")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)  # what is lost is told by an error, once
    try:
        if number is not None:
            # No task waits at a worker, so that none is blamed for the death that another one brings.
            with dask.config.set({"distributed.scheduler.worker-saturation": 1.0}):
                local = LocalCluster(
                    n_workers=number, threads_per_worker=1, processes=True, memory_limit=None,
                    dashboard_address="127.0.0.1:0", silence_logs=logging.CRITICAL,
                )  # fmt: skip
            local.adapt(minimum=number, maximum=number)  # one that dies as soon as it has come is replaced too
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
        yield client
    finally:
        for one in (client, local):
            if one is not None:
                with suppress(Exception):
                    one.close()
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
