"""Which number an experiment takes from a run: a measure, of whom, at which place of its axes, in which world."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, Self

from scorepolis.core.errors import InputError, nearest
from scorepolis.core.provenance import Text
from scorepolis.measures.context import Context
from scorepolis.measures.declared import BY_NAME
from scorepolis.measures.groups import GROUPS
from scorepolis.parameters import load as load_parameters
from scorepolis.parameters.model import Record
from scorepolis.rulebooks import load as load_rulebook

if TYPE_CHECKING:
    import xarray as xr

    from scorepolis.scenarios import Scenario

AXES: Final = ("behaviour", "service", "sensor", "domain", "truth", "step", "channel", "way", "instrument", "grade")


class Output(Record):
    """A number of a run as an experiment file names it.

    Attributes
    ----------
    measure, group
        A declared measure, for the whole run, and of whom.
    behaviour, service, sensor, domain, truth, step, channel, way, instrument, grade
        The place on those axes that the measure has; an instrument may be left out where there is one only.
    world
        The scheme's, the baseline's (ordinary law alone), or the difference of the two.
    """

    measure: Text
    group: Text = "all"
    behaviour: Text | None = None
    service: Text | None = None
    sensor: Text | None = None
    domain: Text | None = None
    truth: Text | None = None
    step: Text | None = None
    channel: Text | None = None
    way: Text | None = None
    instrument: Text | None = None
    grade: Text | None = None
    world: Literal["scheme", "baseline", "difference"] = "scheme"

    @classmethod
    def of(cls, said: Self | str, scenario: Scenario) -> Output:
        """Check what a file says against what a scenario has.

        Parameters
        ----------
        said : Output or str
            The whole of it, or only the measure.
        scenario : Scenario
            Its rulebooks name the instruments and grades.

        Returns
        -------
        Output
            Complete.

        Raises
        ------
        InputError
            If the measure, group or place does not exist, or a place is missing or too much.
        """
        output: Output = cls(measure=said) if isinstance(said, str) else said
        _known("measure", output.measure, list(BY_NAME))
        _known("group", output.group, [group.name for group in GROUPS])
        dims = BY_NAME[output.measure].dims
        names = _names(scenario)
        if "instrument" in dims:
            if output.world != "scheme":
                raise InputError(
                    f"'{output.measure}' belongs to an instrument, which ordinary law alone has not",
                    expected="world: scheme",
                )
            if output.instrument is None and len(names["instrument"]) == 1:
                output = output.model_copy(update={"instrument": names["instrument"][0]})
        for axis in AXES:
            place = getattr(output, axis)
            if axis not in dims:
                if place is not None:
                    raise InputError(f"'{output.measure}' has no axis '{axis}'", expected=f"no '{axis}'")
                continue
            known = names[axis] if axis != "grade" else names.get(f"grade {output.instrument}", [])
            if place is None:
                raise InputError(f"'{output.measure}' needs its '{axis}'", expected=f"one of {', '.join(known)}")
            _known(axis, place, known)
        return output

    @property
    def column(self) -> str:
        """Its name as the column of a table."""
        places = [str(place) for axis in AXES if (place := getattr(self, axis)) is not None]
        parts = [self.measure, *([self.group] if self.group != "all" else []), *places]
        return ".".join(parts) + {"scheme": "", "baseline": ".law", "difference": ".change"}[self.world]

    def take(self, scheme: xr.Dataset, baseline: xr.Dataset | None) -> float:
        """Take the number from the summaries of a run; NaN where there is nothing to divide by."""
        if self.world == "scheme":
            return self._from(scheme)
        if baseline is None:
            raise ValueError("a number of the baseline, which was not run")
        law = self._from(baseline)
        return law if self.world == "baseline" else self._from(scheme) - law

    def _from(self, measures: xr.Dataset) -> float:
        where: dict[str, Any] = {axis: place for axis in AXES if (place := getattr(self, axis)) is not None}
        if (grade := where.pop("grade", None)) is not None:
            names = measures["grade_name"].sel(instrument=where["instrument"]).values.tolist()
            where["grade"] = names.index(grade)
        return float(measures[self.measure].sel(group=self.group, **where))


def _names(scenario: Scenario) -> dict[str, list[str]]:
    """Name the places on all axes."""
    from scorepolis.measures.figures import places

    parameters = load_parameters(scenario.set)
    books = [load_rulebook(book, parameters) for book in scenario.books]
    context = Context.of(parameters=parameters, rulebooks=books, start=scenario.start, months=())
    named = places(context)
    grades = zip(named["instrument"], context.instruments, strict=True)
    return named | {f"grade {name}": list(instrument.grades) for name, instrument in grades}


def _known(kind: str, name: str, names: list[str]) -> None:
    if name not in names:
        expected = f"one of {', '.join(names)}" if len(names) <= 30 else f"a {kind} that there is"
        raise InputError(f"there is no {kind} '{name[:60]}'", expected=expected, nearest=nearest(name, names))
