"""The experiment file: its models, and what the file must say so that all of it can be run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias, TypeVar

from pydantic import BeforeValidator, Field

from scorepolis import plausibility, scenarios
from scorepolis.core.errors import InputError, nearest
from scorepolis.core.provenance import Number, Quantities, Status, Text
from scorepolis.core.yamlfile import Document, read, validate
from scorepolis.experiments.objectives import FIT, check_objective
from scorepolis.experiments.outputs import Output
from scorepolis.parameters import load as load_parameters
from scorepolis.parameters import quantities
from scorepolis.parameters.model import Record
from scorepolis.runs.make import DAYS, PEOPLE, SEED
from scorepolis.scenarios import Scenario

MOST_RUNS: Final = 100_000
"""Points times seeds of one experiment, at most."""

T = TypeVar("T")
Said: TypeAlias = Annotated[Output, BeforeValidator(lambda said: {"measure": said} if isinstance(said, str) else said)]
"""A number to be measured; the name of a measure alone will do."""
Count: TypeAlias = Annotated[int, Field(strict=True, ge=1)]
Seeds: TypeAlias = Annotated[int, Field(strict=True, ge=1, le=1000)]
Days: TypeAlias = Annotated[int, Field(strict=True, ge=DAYS[0], le=DAYS[1])]
People: TypeAlias = Annotated[int, Field(strict=True, ge=PEOPLE[0], le=PEOPLE[1])]
Seed: TypeAlias = Annotated[int, Field(strict=True, ge=SEED[0], le=2**32 - 1)]


class Variation(Record):
    """The values of one parameter: some of them, or a range; the declared range if nothing is said."""

    values: Annotated[tuple[Number, ...], Field(min_length=1)] | None = None
    lowest: Number | None = None
    highest: Number | None = None


class Common(Record):
    """What every experiment file has.

    Attributes
    ----------
    scenario
        A name or a file: society, rulebooks, start.
    people, days
        Instead of the society's and the scenario's own.
    seeds, seed
        Runs of every point, and the first seed: the same for all points.
    """

    version: Literal[1]
    name: Text
    title: Text
    scenario: Text = "town"
    people: People | None = None
    days: Days | None = None
    seeds: Seeds = 1
    seed: Seed = 1


class Sweep(Common):
    """Runs over a grid, at random points or over a Latin hypercube."""

    kind: Literal["sweep"]
    design: Literal["grid", "random", "latin_hypercube"]
    points: Count | None = None
    parameters: Annotated[dict[str, Variation | None], Field(min_length=1)]
    measures: Annotated[tuple[Said, ...], Field(min_length=1)]


class Sensitivity(Common):
    """Which parameters move a measure, over the ranges that they declare.

    Attributes
    ----------
    samples
        Trajectories (Morris), or base samples, a power of two (Sobol).
    parameters
        Paths of numbers, or the beginning of several paths.
    status
        Of the parameters below a path, those with this status only.
    """

    kind: Literal["sensitivity"]
    method: Literal["morris", "sobol"]
    samples: Annotated[int, Field(strict=True, ge=2)]
    levels: Annotated[int, Field(strict=True, ge=4, le=64, multiple_of=2)] = 4
    parameters: Annotated[tuple[Text, ...], Field(min_length=1)]
    status: Status | None = None
    measures: Annotated[tuple[Said, ...], Field(min_length=1)]


class Target(Record):
    """A published figure of the plausibility catalogue; one held out is predicted and not fitted."""

    figure: Text
    held_out: bool = False


class Calibrate(Common):
    """A search for parameters, by Optuna's point estimate or by ABC-SMC.

    Attributes
    ----------
    objective
        One of the closed list.
    trials, batch
        Of Optuna: points in all, and points that are asked for together.
    particles, simulations
        Of ABC-SMC: the size of the sample, and points in all.
    targets
        What is fitted and what is predicted, if the objective is `fit`.
    """

    kind: Literal["calibrate"]
    method: Literal["optuna", "abc_smc"]
    objective: Text
    trials: Count = 50
    batch: Annotated[int, Field(strict=True, ge=1, le=100)] = 4
    particles: Annotated[int, Field(strict=True, ge=4)] = 50
    simulations: Count = 300
    parameters: Annotated[dict[str, Variation | None], Field(min_length=1)]
    targets: tuple[Target, ...] = ()


Design: TypeAlias = Sweep | Sensitivity | Calibrate
KINDS: Final[Mapping[str, type[Design]]] = {"sweep": Sweep, "sensitivity": Sensitivity, "calibrate": Calibrate}


@dataclass(frozen=True)
class Knob:
    """A parameter that an experiment turns.

    Attributes
    ----------
    path : str
        Its dotted path.
    lowest, highest : float
        Its range.
    values : tuple of float
        Those to take, if they are named.
    whole : bool
        Whether it takes whole numbers only.
    """

    path: str
    lowest: float
    highest: float
    values: tuple[int | float, ...] = ()
    whole: bool = False

    def at(self, share: float) -> int | float:
        """Give the value that lies so far into the range, or among the values, from 0 to 1.

        It has six figures, so that the number in a table is the very one that was run.
        """
        if self.values:
            return self.values[min(int(share * len(self.values)), len(self.values) - 1)]
        return self.near(self.lowest + share * (self.highest - self.lowest))

    def near(self, value: float) -> int | float:
        """Give the value with six figures, or the whole one, that is nearest and within the range."""
        if self.whole:
            return min(max(round(value), round(self.lowest)), round(self.highest))
        return min(max(float(f"{value:.6g}"), self.lowest), self.highest)


@dataclass(frozen=True)
class Plan:
    """An experiment that is ready to be run.

    Attributes
    ----------
    design : Design
        What the file says.
    scenario : Scenario
        What it names.
    knobs : tuple of Knob
        The parameters, in order.
    outputs : tuple of Output
        What is measured; none if figures are.
    figures : tuple of str
        Published figures to be simulated: the targets.
    """

    design: Design
    scenario: Scenario
    knobs: tuple[Knob, ...]
    outputs: tuple[Output, ...]
    figures: tuple[str, ...]


def plan_of(path: str | Path) -> Plan:
    """Read an experiment file and check that all of it can be run.

    Parameters
    ----------
    path : str or Path
        A YAML file.

    Returns
    -------
    Plan

    Raises
    ------
    InputError
        About the first fault, with file and line: an unknown key, parameter, measure or target, a value outside of the
        declared range, a budget that does not fit the design, an objective that is not of the closed list.
    """
    document = read(Path(path))
    kind = document.data.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        said = "'kind' is missing" if kind is None else f"unknown kind '{str(kind)[:60]}'"
        raise document.error(
            () if kind is None else ("kind",), said, f"one of {', '.join(KINDS)}", nearest(str(kind), KINDS)
        )
    sought = document.data.get("objective")
    if isinstance(sought, str) and sought:  # whatever the kind: what may not be sought is refused with its reason
        _located(document, ("objective",), lambda: check_objective(sought))
    design = validate(KINDS[kind], document)
    file = Path(path)
    scenario = _located(document, ("scenario",), lambda: scenarios.load(_beside(design.scenario, file)))
    if isinstance(design, Sensitivity):
        knobs = tuple(_declared(document, design, scenario))
    else:
        knobs = tuple(_varied(document, path_, said, scenario) for path_, said in design.parameters.items())
    outputs: tuple[Output, ...] = ()
    figures: tuple[str, ...] = ()
    if isinstance(design, Calibrate):
        figures = tuple(_targets(document, design))
    else:
        outputs = tuple(
            _located(document, ("measures", at), lambda said=said: Output.of(said, scenario))  # type: ignore[misc]
            for at, said in enumerate(design.measures)
        )
        columns = [output.column for output in outputs]
        for at, column in enumerate(columns):
            if column in columns[:at]:
                raise document.error(("measures", at), f"'{column}' is measured twice", "every measure once")
    _budget(document, design, knobs)
    return Plan(design, scenario, knobs, outputs, figures)


def _beside(name: str, file: Path) -> str:
    """Find a scenario's file from where the experiment's file lies."""
    return str(file.parent / name) if name.endswith((".yaml", ".yml")) else name


def _varied(document: Document, path: str, said: Variation | None, scenario: Scenario) -> Knob:
    here = ("parameters", path)
    knob = _located(document, here, lambda: _knob(path, scenario))
    if said is None:
        return knob
    if said.values is not None:
        if said.lowest is not None or said.highest is not None:
            raise document.error(here, f"{path} has values and a range", "one of the two")
        for value in said.values:
            _located(document, here, lambda value=value: load_parameters({**scenario.set, path: value}))  # type: ignore[misc]
        return Knob(path, min(said.values), max(said.values), said.values, knob.whole)
    lowest = knob.lowest if said.lowest is None else said.lowest
    highest = knob.highest if said.highest is None else said.highest
    for value in (lowest, highest):
        _located(document, here, lambda value=value: load_parameters({**scenario.set, path: value}))  # type: ignore[misc]
    if not lowest < highest:
        raise document.error(here, f"the range of {path} is empty: {lowest} to {highest}", "lowest below highest")
    return Knob(path, lowest, highest, (), knob.whole)


def _declared(document: Document, design: Sensitivity, scenario: Scenario) -> Iterator[Knob]:
    """Turn all numbers at or below the named paths that declare a range, once each."""
    every = dict(_numbers(scenario))
    seen: set[str] = set()
    for at, path in enumerate(design.parameters):
        here = ("parameters", at)
        found = [known for known in every if known == path or known.startswith(f"{path}.")]
        if not found:
            raise _located(document, here, lambda path=path: _unknown(path))  # type: ignore[misc]
        chosen = [known for known in found if design.status in (None, every[known]) and known not in seen]
        for known in chosen:
            knob = _knob(known, scenario)
            if knob.lowest < knob.highest:
                seen.add(known)
                yield knob
    if not seen:
        raise document.error(("parameters",), "no parameter among these has a range", "numbers that may vary")


def _numbers(scenario: Scenario) -> Iterator[tuple[str, Status]]:
    for path, quantity in quantities(load_parameters(scenario.set)):
        if isinstance(quantity, Quantities):
            yield from ((f"{path}.{place}", quantity.status) for place in range(len(quantity.values)))
        else:
            yield path, quantity.status


def _unknown(path: str) -> InputError:
    """Take the parameters' own words about a path that does not exist."""
    try:
        load_parameters({path: 0})
    except InputError as error:
        return error
    raise AssertionError(path)  # the caller knows that there is none


def _knob(path: str, scenario: Scenario) -> Knob:
    """Read the declared range of one number."""
    whole_path, _, place = path.rpartition(".")
    known = dict(quantities(load_parameters(scenario.set)))
    quantity = known.get(path) or (known.get(whole_path) if place.isdigit() else None)
    if quantity is None or isinstance(known.get(path), Quantities):
        raise _unknown(path)
    lowest, highest = quantity.range
    return Knob(path, lowest, highest, (), _is_whole(path, lowest, highest))


def _is_whole(path: str, lowest: float, highest: float) -> bool:
    """Ask the loader whether a number has to be whole: it takes a whole one, and not the half beside it."""
    half = int(lowest) + 0.5
    if not (lowest <= half <= highest and lowest <= half + 0.5 <= highest):
        return False
    return not _loads(path, half) and _loads(path, int(half + 0.5))


def _loads(path: str, value: float) -> bool:
    try:
        load_parameters({path: value})
    except InputError:
        return False
    return True


def _targets(document: Document, design: Calibrate) -> Iterator[str]:
    catalogue = plausibility.load().figures
    if design.objective != FIT:
        if design.targets:
            raise document.error(("targets",), f"targets with the objective '{design.objective}'", "them with 'fit'")
        if design.method == "abc_smc":
            raise document.error(("method",), "ABC-SMC finds what agrees with data, and nothing else", "objective: fit")
        return
    for key in ("scenario", "days"):
        if key in design.model_fields_set:
            raise document.error((key,), f"'{key}' with the objective 'fit'", "none: every figure has its own worlds")
    seen: set[str] = set()
    for at, target in enumerate(design.targets):
        here = ("targets", at, "figure")
        if target.figure not in catalogue:
            raise document.error(
                here,
                f"no published figure is called '{target.figure}'",
                f"one of {', '.join(catalogue)}",
                nearest(target.figure, catalogue),
            )
        if target.figure in seen:
            raise document.error(here, f"'{target.figure}' stands twice among the targets", "every figure once")
        seen.add(target.figure)
        if not target.held_out and catalogue[target.figure].published.status == "assumed":
            raise document.error(
                here,
                f"'{target.figure}' is assumed and not published, so that nothing can be fitted to it",
                "a documented or reported figure, or held_out: true",
            )
        yield target.figure
    if all(target.held_out for target in design.targets):
        raise document.error(("targets",) if design.targets else (), "nothing is to be fitted", "a target not held out")


def _budget(document: Document, design: Design, knobs: tuple[Knob, ...]) -> None:
    """Refuse what cannot be run: a design without its number of points, or one of more runs than anybody waits for."""
    if isinstance(design, Sweep):
        if design.design == "grid":
            if design.points is not None:
                raise document.error(("points",), "a grid has as many points as its values make", "no 'points'")
            if lacking := next((knob.path for knob in knobs if not knob.values), None):
                raise document.error(
                    ("parameters", lacking), f"{lacking} has no values", "values, as a grid needs them"
                )
        elif design.points is None:
            raise document.error((), "'points' is missing", f"how many points the {design.design} has")
        points = design.points or prod(len(knob.values) for knob in knobs)
    elif isinstance(design, Sensitivity):
        if design.method == "sobol" and design.samples & (design.samples - 1):
            raise document.error(("samples",), f"{design.samples} samples", "a power of two, for Sobol's sequence")
        points = design.samples * (len(knobs) + (1 if design.method == "morris" else 2))
    else:
        if named := next((knob.path for knob in knobs if knob.values), None):
            raise document.error(("parameters", named), f"{named} has values", "a range, to search in")
        points = design.trials if design.method == "optuna" else design.simulations
        if design.method == "abc_smc" and design.simulations < 2 * design.particles:
            said = f"{design.simulations} simulations for {design.particles} particles"
            raise document.error(("simulations",), said, "twice as many simulations as particles, at least")
    if points * design.seeds > MOST_RUNS:
        raise document.error(
            (),
            f"{points:,} points with {design.seeds} seeds each are {points * design.seeds:,} runs",
            f"at most {MOST_RUNS:,}",
        )


def _located(document: Document, path: tuple[str | int, ...], read_it: Callable[[], T]) -> T:
    """Do something with an entry; a fault that has no place of its own is said to stand there."""
    try:
        found = read_it()
    except InputError as error:
        if error.file is not None:
            raise
        raise document.error(path, error.message, error.expected, error.nearest) from error
    if isinstance(found, InputError):
        return document.error(path, found.message, found.expected, found.nearest)  # type: ignore[return-value]
    return found
