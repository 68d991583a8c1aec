"""What there is to run and to change: lists of it, and for every number what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from itertools import accumulate
from typing import Final

from scorepolis import rulebooks, scenarios
from scorepolis.core.errors import InputError, nearest
from scorepolis.core.provenance import Choice, Quantities, Quantity
from scorepolis.listing import Cell, Listing, Scalar, written
from scorepolis.parameters import Parameters, load, quantities
from scorepolis.parameters.model import Form, Society
from scorepolis.rulebooks.schema import Rulebook

FORM: Final = "coefficients.deterrence.form"


@dataclass(frozen=True)
class Fact:
    """One parameter and what it rests on.

    Attributes
    ----------
    path
        Its dotted path, as `--set` takes it.
    value
        A number, several that share one provenance, or a word.
    range, unit
        Lowest and highest plausible value, and the unit; a word has neither.
    status
        `documented`, `reported` or `assumed`.
    source, reason, note
        The text it rests on; why it was assumed; what else there is to say.
    """

    path: str
    value: Cell
    range: tuple[int | float, int | float] | None
    unit: str | None
    status: str
    source: str | None
    reason: str | None
    note: str | None


def facts(path: str, parameters: Parameters | None = None) -> tuple[Fact, ...]:
    """Tell what a parameter rests on, or every parameter below a path.

    Parameters
    ----------
    path : str
        The dotted path of a number, of a number within a list, or the beginning of several paths.
    parameters : Parameters, optional
        By default those of the package.

    Returns
    -------
    tuple of Fact
        At least one.

    Raises
    ------
    InputError
        If no path is or begins so.
    """
    every = _every(parameters or load())
    found = tuple(fact for known, fact in every.items() if known == path or known.startswith(f"{path}."))
    if found:
        return found
    several, _, place = path.rpartition(".")
    if several in every and place in (places := _places(every[several])):
        return (replace(every[several], path=path, value=places[place]),)
    paths = dict.fromkeys(part for known in every for part in accumulate(known.split("."), "{}.{}".format))
    raise InputError(
        f"no parameter has the path '{path[:120]}'",
        expected="a dotted path or the beginning of one, such as coefficients.learning",
        nearest=nearest(path, paths),
    )


def every_fact(parameters: Parameters | None = None) -> tuple[Fact, ...]:
    """Tell what every parameter rests on, in the order of the files."""
    return tuple(_every(parameters or load()).values())


def facts_listing(path: str) -> Listing:
    """Give the facts of a path as a table.

    Parameters
    ----------
    path : str
        As for `facts`.

    Returns
    -------
    Listing
        One parameter in full; several with a row each.

    Raises
    ------
    InputError
        As `facts`.
    """
    found = facts(path)
    if len(found) == 1:
        told = [(field.name.capitalize(), getattr(found[0], field.name)) for field in fields(Fact)]
        rows = tuple((name, _range(cell) if name == "Range" else cell) for name, cell in told if cell is not None)
        return Listing(path, ("", ""), rows)
    return Listing(
        f"{path}: what each number rests on",
        ("Path", "Value", "Range", "Unit", "Status", "Source or reason"),
        tuple(
            (
                fact.path.removeprefix(f"{path}."),
                fact.value,
                _range(fact.range),
                fact.unit,
                fact.status,
                fact.source or fact.reason,
            )
            for fact in found
        ),
    )


def listing(kind: str | None = None) -> Listing:
    """List what there is of a kind.

    Parameters
    ----------
    kind : str, optional
        `societies`, `rulebooks`, `scenarios`, `behaviours`, `services`, `sensors` or `parameters`;
        by default the kinds themselves.

    Returns
    -------
    Listing
        In the order of the files.

    Raises
    ------
    InputError
        If there is no such kind.
    """
    parameters = load()
    if kind is None:
        every = [(name, make(parameters)) for name, make in KINDS.items()]
        rows = tuple((name, len(made.rows), made.title) for name, made in every)
        return Listing("What there is", ("Kind", "Number", "What it is"), rows)
    if kind not in KINDS:
        raise InputError(
            f"there is no list of '{kind[:60]}'", expected=f"one of {', '.join(KINDS)}", nearest=nearest(kind, KINDS)
        )
    return KINDS[kind](parameters)


def _societies(parameters: Parameters) -> Listing:
    return Listing(
        "Places to run a scheme in, with shares and yuan per head and year",
        ("Name", "Title", "People", "Province", "Urban", "Migrants", "Income"),
        tuple(
            (
                name,
                society.title,
                society.people.value,
                society.province or f"{len(society.provinces)} provinces",
                *(None if share is None else share.value for share in _of_its_people(society)),
            )
            for name, society in parameters.societies.items()
        ),
    )


def _of_its_people(society: Society) -> tuple[Quantity | None, ...]:
    """Give what a society in one province says of its people; one of several leaves it to them."""
    return society.urban_share, society.migrant_share, society.income_mean


def _rulebooks(parameters: Parameters) -> Listing:
    books = [rulebooks.load(name, parameters) for name in rulebooks.names()]
    return Listing(
        "Schemes",
        ("Name", "Title", "From", "Tag", "Rules"),
        tuple((book.name, book.title, book.in_force.from_.isoformat(), book.tag, _rules(book)) for book in books),
    )


def _rules(book: Rulebook) -> int:
    """Count the rules by which people, firms and public bodies are scored or listed."""
    return sum(len(one.rules) for one in (*book.instruments, *book.firms, *book.bodies))


def _scenarios(_: Parameters) -> Listing:
    every = [scenarios.load(name) for name in scenarios.names()]
    return Listing(
        "What to run: a society under rulebooks",
        ("Name", "Title", "Society", "Rulebooks", "Start", "Days"),
        tuple((one.name, one.title, one.society, one.books, one.start.isoformat(), one.days) for one in every),
    )


def _behaviours(parameters: Parameters) -> Listing:
    return Listing(
        "What people may do, with episodes per man and per woman and year",
        ("Name", "Title", "Domain", "Conduct", "Men", "Women"),
        tuple(
            (
                name,
                behaviour.title,
                behaviour.domain,
                behaviour.conduct,
                None if behaviour.decided_by else behaviour.rate.male.value,
                None if behaviour.decided_by else behaviour.rate.female.value,
            )
            for name, behaviour in parameters.behaviours.items()
        ),
    )


def _services(parameters: Parameters) -> Listing:
    return Listing(
        "What people apply for",
        ("Name", "Title", "Domain", "Wants a year", "Worth", "Price"),
        tuple(
            (name, service.title, service.domain, service.wants.value, service.worth.value, service.price.value)
            for name, service in parameters.services.items()
        ),
    )


def _sensors(parameters: Parameters) -> Listing:
    return Listing(
        "What may notice an act and write a record",
        ("Name", "Kind", "Ordinary", "Sees"),
        tuple((name, one.kind, one.ordinary, tuple(one.sees)) for name, one in parameters.sensors.items()),
    )


def _parameters(parameters: Parameters) -> Listing:
    return Listing(
        "What can be set, with --set PATH=VALUE",
        ("Path", "Value", "Status"),
        tuple((path, fact.value, fact.status) for path, fact in _every(parameters).items()),
    )


KINDS: Final[Mapping[str, Callable[[Parameters], Listing]]] = {
    "societies": _societies,
    "rulebooks": _rulebooks,
    "scenarios": _scenarios,
    "behaviours": _behaviours,
    "services": _services,
    "sensors": _sensors,
    "parameters": _parameters,
}


def _every(parameters: Parameters) -> dict[str, Fact]:
    """Give every parameter by path: the one word, then the numbers in the order of the files."""
    found = {FORM: _fact(FORM, parameters.coefficients.deterrence.form)}
    return found | {path: _fact(path, quantity) for path, quantity in quantities(parameters)}


def _fact(path: str, entry: Quantity | Quantities | Choice[Form]) -> Fact:
    value = entry.values if isinstance(entry, Quantities) else entry.value
    measured = None if isinstance(entry, Choice) else entry
    return Fact(
        path,
        value,
        measured.range if measured else None,
        measured.unit if measured else None,
        entry.status,
        entry.source,
        entry.reason,
        entry.note,
    )


def _places(fact: Fact) -> dict[str, Scalar]:
    """Give the numbers of a list by their places."""
    return {str(place): value for place, value in enumerate(fact.value)} if isinstance(fact.value, tuple) else {}


def _range(bounds: tuple[int | float, int | float] | None) -> str | None:
    return None if bounds is None else " to ".join(map(written, bounds))
