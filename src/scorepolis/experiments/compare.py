"""Schemes side by side: the same people with the same luck under each, replicated over seeds."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scorepolis.core.errors import InputError, ScorepolisError
from scorepolis.experiments.comparison import Comparison
from scorepolis.experiments.hands import check_cluster
from scorepolis.runs.make import (
    DAYS,
    PEOPLE,
    SEED,
    THREADS,
    assemble,
    parameters_digest,
    recorded,
    within,
    within_calendar,
)

if TYPE_CHECKING:
    from scorepolis.experiments.replicate import Lived, Study
    from scorepolis.experiments.schemes import Scheme
    from scorepolis.runs.result import Run

    Progress = Callable[[int, int], None]

SEEDS: Final = (1, 10_000)
SCHEMES: Final = 20
"""Schemes in one comparison, at most."""

WORTH_PROCESSES: Final = 50_000_000
"""Person-days from which on starting further processes, some seconds, is worth while."""


def compare(
    *names: str | Path,
    society: str | None = None,
    people: int | None = None,
    days: int | None = None,
    seeds: int = 10,
    seed: int = 1,
    threads: int | None = None,
    cluster: str | None = None,
    out: str | Path | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> Comparison:
    """Compare schemes on the same people with the same luck, replicated over seeds.

    Ordinary law alone is always among them, as the baseline, once per seed.

    Parameters
    ----------
    *names : str or Path
        At least one, and with law alone two: rulebooks (``"rongcheng-2019"``), families of dated rulebooks
        (``"defaulter-list"``, the latest), scenarios (``"town"``), or YAML files of either. A rulebook stands for the
        scenario of the others, or else of the society, with that rulebook alone. Differences are taken to the first.
    society : str, optional
        Where all of them are put; by default the scenarios' own, or the town.
    people, days : int, optional
        Instead of the society's and the scenarios' own.
    seeds : int
        How many seeds: other people with other luck.
    seed : int
        The first of them.
    threads : int, optional
        By default one per core. It changes the time taken and nothing else.
    cluster : str, optional
        ``"local:N"`` or ``"tcp://HOST:PORT"``: the workers of Dask distributed, which take seeds beside this process. A
        seed whose worker dies is given to another one.
    out : str or Path, optional
        Folder to write the comparison to; by default it stays in memory.
    force : bool
        Whether an earlier comparison at `out` may be replaced.
    progress : callable, optional
        Called with the worlds done and the worlds in all.

    Returns
    -------
    Comparison
        Of the schemes that ran; those that failed are named in it with their error.

    Raises
    ------
    InputError
        If something given cannot be used; nothing has been run or written then.
    ScorepolisError
        If every scheme failed, or ordinary law alone.

    Examples
    --------
    >>> import scorepolis as sp
    >>> sp.compare("rongcheng-2019", "defaulter-list", seeds=5).differences  # doctest: +SKIP
    """
    if not 1 <= len(names) <= SCHEMES:
        raise InputError(f"{len(names)} schemes to compare", expected=f"1 to {SCHEMES}")
    within("people", people, PEOPLE)
    within("days", days, DAYS)
    within("threads", threads, THREADS)
    check_cluster(cluster, threads=threads)
    within("seeds", seeds, SEEDS)
    # One more is needed, for other luck.
    within("seed", seed, (SEED[0], SEED[1] - seeds))
    if out is not None:
        from scorepolis.experiments.folder import check_out

        check_out(out, force=force)

    from scorepolis.experiments.replicate import study
    from scorepolis.experiments.schemes import law_only, resolve

    schemes, parameters = resolve(names, society=society)
    law = next((scheme for scheme in schemes if scheme.is_law_only), None) or law_only(schemes[0], parameters)
    others = tuple(scheme for scheme in schemes if scheme is not law)
    if not others:
        raise InputError("there is nothing to compare ordinary law alone with", expected="another scheme")
    place = law.scenario
    length = _length(schemes, days)
    within_calendar(place.start, length)
    size = people or int(parameters.societies[place.society].people.exact)
    plan, failed = study(law, others, parameters, people=size, days=length)
    every = range(seed, seed + seeds)
    _any_left(plan.schemes, failed)
    found = _comparison(
        plan,
        _lives(plan, every, threads or min(os.cpu_count() or 1, THREADS[1]), cluster, progress),
        (*schemes, *(() if law in schemes else (law,))),
        every,
        failed,
    )
    if out is not None:
        from scorepolis.experiments.folder import save_comparison

        found = save_comparison(found, out, force=force)
    return found


def _length(schemes: Sequence[Scheme], days: int | None) -> int:
    if days is not None:
        return days
    lengths = {scheme.name: scheme.scenario.days for scheme in schemes}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise InputError(f"the schemes differ in their days: {told}", expected="--days for all of them")
    return next(iter(lengths.values()))


def _lives(
    plan: Study, seeds: Sequence[int], threads: int, cluster: str | None, progress: Progress | None
) -> list[dict[str, Lived | str]]:
    """Run every seed, and the first one's people once more with the luck of the seed after the last.

    Seeds side by side keep the cores busy. They are shared out among this process and others: the days of a small
    society are so short that threads would mostly wait for one another's Python.
    """
    from scorepolis.experiments.hands import on_cluster, processes
    from scorepolis.experiments.replicate import elsewhere, replicate

    jobs: list[tuple[int, int | None]] = [(seed, None) for seed in seeds]
    jobs.insert(1, (seeds[0], seeds[-1] + 1))
    worlds, total = 1 + len(plan.schemes), len(jobs) * (1 + len(plan.schemes))
    workers = min(threads, len(jobs)) if plan.people * plan.days * total >= WORTH_PROCESSES else 1
    waiting = deque(jobs)
    found: dict[tuple[int, int | None], dict[str, Lived | str]] = {}
    count, turn = 0, threading.Lock()

    def done(some: int = 1) -> None:
        nonlocal count
        with turn:
            count += some
            if progress is not None:
                progress(count, total)

    def take(run: Callable[[tuple[int, int | None]], dict[str, Lived | str]]) -> None:
        while waiting:
            try:
                job = waiting.popleft()
            except IndexError:  # somebody was quicker
                return
            try:
                found[job] = run(job)
            except BaseException:
                waiting.clear()  # what one lane fails with stops them all
                raise

    def here(job: tuple[int, int | None]) -> dict[str, Lived | str]:
        return replicate(plan, *job, threads=max(1, threads // workers), keep=job == jobs[0], done=done)

    # When something fails, the others' processes go first, and nobody waits for what they were at.
    lanes = ThreadPoolExecutor(thread_name_prefix="seed", max_workers=THREADS[1])
    with lanes, on_cluster(cluster) if cluster else processes(workers - 1) as hands:

        def there(job: tuple[int, int | None]) -> dict[str, Lived | str]:
            if hands.executor is None:
                return here(job)
            try:
                lives = hands.executor.submit(elsewhere, plan, *job).result()
            except hands.deadly as error:
                raise ScorepolisError(f"the worker of seed {job[0]} died each time that it was tried") from error
            done(worlds)
            return lives

        try:
            first = waiting.popleft()  # the whole runs of the first seed stay in this process
            others = [lanes.submit(take, there) for _ in range(min(hands.number, THREADS[1]))]
            found[first] = here(first)
            take(here)
            for other in others:
                other.result()
        finally:
            waiting.clear()
    return [found[job] for job in jobs]


def _comparison(
    plan: Study,
    found: Sequence[Mapping[str, Lived | str]],
    schemes: Sequence[Scheme],
    seeds: Sequence[int],
    failed: Mapping[str, str],
) -> Comparison:
    """Make the tables of what the seeds left; a scheme that failed with one of them is in none."""
    from scorepolis.experiments import tabulate
    from scorepolis.experiments.replicate import Lived, failures

    first, again, *rest = found
    by_seed = dict(zip(seeds, (first, *rest), strict=True))
    failed = {**failed, **failures([*by_seed.items(), (seeds[-1] + 1, again)])}
    lives: dict[str, dict[int, Lived]] = {
        scheme.name: {seed: one for seed, all_ in by_seed.items() if isinstance(one := all_[scheme.name], Lived)}
        for scheme in schemes
        if scheme.name not in failed
    }
    _any_left([name for name in lives if name != plan.law.name], failed)
    panel = {name: own[seeds[0]].people for name, own in lives.items()}
    others = {name: one.people for name in lives if isinstance(one := again[name], Lived)}
    pairs = _pairs(list(lives), plan.law.name, schemes[0].name)
    runs = _runs(plan, {name: own[seeds[0]] for name, own in lives.items()}, schemes, seeds[0])
    measured = {
        name: tabulate.Measured.of(runs[name].context, [one.figures for one in own.values()])
        for name, own in lives.items()
    }
    law = runs[plan.law.name]
    return Comparison(
        provenance=_provenance(plan, schemes, seeds, failed, runs),
        measures=tabulate.measures(measured, seeds),
        means=tabulate.means(measured),
        differences=tabulate.differences(measured, pairs),
        effects=tabulate.effects(lives, pairs),
        luck=tabulate.lucks(panel, others, plan.law.name),
        flows=tabulate.flows(lives, seeds),
        persons=tabulate.persons(panel, plan.people, law.counts.by_place.shape[1], law.context.units),
        runs=runs,
    )


def _any_left(left: Sequence[object], failed: Mapping[str, str]) -> None:
    if not left:
        raise ScorepolisError("no scheme could be run: " + "; ".join(f"{name}: {why}" for name, why in failed.items()))


def _pairs(names: Sequence[str], law: str, first: str) -> list[tuple[str, str]]:
    """Pair every scheme with law alone, and with the first of them unless that is law alone or failed."""
    pairs = [(name, law) for name in names if name != law]
    if first != law and first in names:
        pairs += [(name, first) for name in names if name not in (law, first)]
    return pairs


def _runs(plan: Study, lives: Mapping[str, Lived], schemes: Sequence[Scheme], seed: int) -> dict[str, Run]:
    """Bind the first seed's worlds to runs, each beside law alone, just as `run` would have made them."""
    law = lives[plan.law.name].outcome
    runs = {}
    for scheme in schemes:
        if scheme.name in lives and (outcome := lives[scheme.name].outcome) is not None:
            made = recorded(
                scheme.scenario, people=plan.people, days=plan.days, seed=seed, overrides=scheme.scenario.set
            )
            runs[scheme.name] = assemble(made, outcome, scheme.texts, law)
    return runs


def _provenance(
    plan: Study,
    schemes: Sequence[Scheme],
    seeds: Sequence[int],
    failed: Mapping[str, str],
    runs: Mapping[str, Run],
) -> dict[str, Any]:
    from scorepolis import __version__

    place = plan.law.scenario
    return {
        "package": __version__,
        "society": place.society,
        "people": plan.people,
        "start": place.start.isoformat(),
        "days": plan.days,
        "overrides": dict(place.set),
        "parameters": parameters_digest(plan.parameters),
        "seeds": list(seeds),
        "luck": seeds[-1] + 1,
        "baseline": plan.law.name,
        "first": schemes[0].name,
        "schemes": [
            {
                "name": scheme.name,
                "title": scheme.title,
                "rulebooks": [
                    {"name": book.name, "title": book.title, "tag": book.tag, "sha256": book.digest()}
                    for book in scheme.books
                ],
                "digest": runs[scheme.name].provenance["digest"] if scheme.name in runs else None,
                "error": failed.get(scheme.name),
            }
            for scheme in schemes
        ],
    }
