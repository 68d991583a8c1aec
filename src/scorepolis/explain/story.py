"""The story of a life: who it is, what happened in order, what it adds up to, and the same life beside it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from scorepolis.core.buffers import CHANNELS
from scorepolis.explain.beside import Parting, check_same, parting
from scorepolis.explain.moments import Moment, moments
from scorepolis.explain.totals import Totals, Turn, conduct, totals_of, turn_of
from scorepolis.shown import Shown

if TYPE_CHECKING:
    from scorepolis.explain.choose import Choice
    from scorepolis.explain.life import Life, Row
    from scorepolis.explain.totals import Conduct

SCALES: Final = {
    "belief_government": 255, "belief_commerce": 255, "belief_society": 255, "belief_judiciary": 255,
    "hardship": 255, "trust": 255, "opinion": 255, "motive": 128,
}  # fmt: skip
"""Steps of a state that make its full scale; of the motive, its usual strength."""


MADE: Final = ("package", "society", "people", "start", "days", "seed", "overrides", "digest")
"""What is told of how the run was made."""


@dataclass(frozen=True)
class Told:
    """A life in one world."""

    name: str
    life: Life
    moments: list[Moment]
    totals: Totals

    @classmethod
    def of(cls, name: str, life: Life) -> Told:
        """Tell a life."""
        return cls(name, life, moments(life), totals_of(life))


@dataclass(frozen=True)
class Story(Shown):
    """A life, and beside it the same life in another world.

    Attributes
    ----------
    choice : Choice
        Whose life it is, and why that one.
    here : Told
        The life.
    there : Told or None
        The same person with the same luck under other rules.
    parting : Parting or None
        Where the two part.
    turn : Turn or None
        Conduct before and after the first penalty.
    """

    choice: Choice
    here: Told
    there: Told | None
    parting: Parting | None
    turn: Turn | None

    @cached_property
    def turn_there(self) -> tuple[Conduct, Conduct] | None:
        """What the same person did there, before and after the same day."""
        if self.turn is None or self.there is None:
            return None
        day, life = self.turn.day + 1, self.there.life
        return conduct(life, 0, day), conduct(life, day, life.days)

    def date(self, day: int) -> date:
        """Give the date of a day."""
        return self.here.life.context.start + timedelta(days=day)

    def to_json(self) -> dict[str, Any]:
        """Give plain values that JSON can hold."""
        from scorepolis.explain.words import LIMITS, sentences

        made = self.here.life.run.provenance
        return {
            "made": {name: made[name] for name in MADE},
            "person": self.choice.person,
            "chosen": self.choice.why,
            "who": self.here.life.who,
            "story": sentences(self),
            "worlds": {told.name: self._world(told) for told in (self.here, self.there) if told},
            "turn": None
            if self.turn is None
            else {
                "day": self.turn.day,
                "date": self.date(self.turn.day).isoformat(),
                "before": asdict(self.turn.before),
                "after": asdict(self.turn.after),
                "there": None if self.turn_there is None else [asdict(part) for part in self.turn_there],
            },
            "parting": None
            if self.parting is None
            else {
                name: None if day is None else {"day": day, "date": self.date(day).isoformat()}
                for name, day in asdict(self.parting).items()
            },
            "cannot_tell": list(LIMITS),
        }

    def _world(self, told: Told) -> dict[str, Any]:
        return {
            "totals": told.totals.to_json(),
            "moments": [
                {"day": moment.day, "date": self.date(moment.day).isoformat(), **_plain(moment)}
                for moment in told.moments
            ],
            "states": [_state(told.life, row) for row in told.life.states],
        }


def tell(choice: Choice, here: tuple[str, Life], there: tuple[str, Life] | None) -> Story:
    """Tell a life, beside the same life in another world if there is one.

    Parameters
    ----------
    choice : Choice
        Whose life it is.
    here, there : tuple of str and Life
        What each world is called, and the life in it.

    Returns
    -------
    Story

    Raises
    ------
    InputError
        If the two are not the same person with the same luck.
    """
    if there is not None:
        check_same(here[1], there[1])
    return Story(
        choice,
        Told.of(*here),
        Told.of(*there) if there else None,
        parting(here[1], there[1]) if there else None,
        turn_of(here[1]),
    )


def _plain(moment: Moment) -> dict[str, Any]:
    return {"what": moment.what, "text": moment.text, "wrongful": moment.wrongful, **moment.detail}


def _state(life: Life, row: Row) -> dict[str, Any]:
    """Give a state by names, on scales from 0 to 1."""
    plain: dict[str, Any] = {"day": row["day"], "income": row["income"], "ties": row["ties"]}
    plain |= {name: row[name] / scale for name, scale in SCALES.items()}
    plain["channels"] = [name for c, name in enumerate(CHANNELS) if row["channels"] >> c & 1]
    for k in life.scopes:
        plain[life.books.labels[k]] = {
            "score": row[f"score_{k}"],
            "standing": life.books.instruments[k].grade_names[row[f"standing_{k}"]],
            "aware": bool(row[f"aware_{k}"]),
        }
    return plain
