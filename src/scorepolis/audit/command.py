"""The audit as the command line gives it: read, perhaps run, perhaps written as a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from scorepolis.audit import words
from scorepolis.audit.finding import weight
from scorepolis.audit.static import Audit
from scorepolis.audit.static import audit as read

if TYPE_CHECKING:
    from rich.console import RenderableType

    from scorepolis.audit.measured import Measured
    from scorepolis.runs.make import Progress


@dataclass(frozen=True)
class Made:
    """An audit, and whether it failed.

    Attributes
    ----------
    audit
        What reading the rulebook brought.
    measured
        What running it brought; None if it was not run.
    failed
        Whether a finding of the severity asked about, or a graver one, is open.
    """

    audit: Audit
    measured: Measured | None
    failed: bool

    def to_json(self) -> dict[str, object]:
        """Give it as plain data."""
        run = self.measured.to_json() if self.measured else None
        return {**self.audit.to_json(), "run": run}

    def lines(self) -> Iterator[str]:
        """Tell it in words, but for the tables."""
        yield from words.lines(self.audit)
        if self.measured:
            yield ""
            yield from self.measured.ran
            yield ""

    def tables(self) -> Iterator[RenderableType]:
        """Give the tables of the run for a terminal."""
        for table, note in self.measured.tables if self.measured else ():
            yield Padding(Group(table.table(), Text(note, style="dim")), (0, 0, 1, 0))


def audit(
    rulebook: str,
    *,
    static: bool,
    people: int | None,
    days: int | None,
    seed: int,
    threads: int | None,
    fail_on: str | None,
    html: str | None,
    progress: Progress | None = None,
) -> Made:
    """Audit a rulebook as the command line asks.

    Parameters
    ----------
    rulebook : str
        A name of the library, or a YAML file.
    static : bool
        Whether to read it only.
    people, days, seed, threads
        Of the run; None: as `audit.measured` has them.
    fail_on : str or None
        The severity from which on an open finding is a failure.
    html : str or None
        File for the page.
    progress : callable, optional
        As for `scorepolis.run`.

    Returns
    -------
    Made
        The audit.

    Raises
    ------
    InputError
        If something given cannot be used; nothing has been written then.
    """
    if fail_on is not None:
        weight(fail_on)
    if html is not None:
        from scorepolis.audit.page import check_target

        check_target(html)
    found = read(rulebook)
    run = None
    if not static:
        from scorepolis.audit.measured import DAYS, PEOPLE, measure

        run = measure(
            found.book,
            people=PEOPLE if people is None else people,
            days=DAYS if days is None else days,
            seed=seed,
            threads=threads,
            progress=progress,
        )
    if html is not None:
        from scorepolis.audit.page import page, write

        write(page(found, run), html)
    return Made(found, run, fail_on is not None and found.fails(fail_on))
