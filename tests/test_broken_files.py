"""Files with one fault each and the words that the reader of the message needs; and files broken at random."""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scorepolis import parameters, rulebooks, scenarios
from scorepolis.core.errors import InputError
from scorepolis.core.yamlfile import Document, read, read_text
from scorepolis.parameters.load import FILES, build
from scorepolis.rulebooks.load import _parse as parse_rulebook
from scorepolis.scenarios.load import _parse as parse_scenario

Plain: TypeAlias = Any  # what YAML holds: mappings, lists, strings, numbers, booleans, dates, null

FOLDER = Path(__file__).parent / "broken"
MARK = "# expect: "
KINDS = ("parameters", "rulebooks", "scenarios")
BROKEN = [path for kind in KINDS for path in sorted((FOLDER / kind).rglob("*.yaml"))]


@functools.cache
def documents() -> dict[str, Document]:
    folder = resources.files("scorepolis.parameters")
    return {name: read(folder / f"{name}.yaml", f"parameters/{name}.yaml") for name in FILES}


def overlaid(below: Plain, above: Plain) -> Plain:
    """Lay one mapping over another; a number comes with its whole provenance, and a list as a whole."""
    if not (isinstance(below, dict) and isinstance(above, dict)) or {"value", "values"} & above.keys():
        return above
    return below | {key: overlaid(below.get(key), value) for key, value in above.items()}


def load(path: Path) -> object:
    """Read a broken file as what its folder says it is: a file of parameters is laid over the one its folder names."""
    kind = path.relative_to(FOLDER).parts[0]
    if kind == "rulebooks":
        return rulebooks.load(path, parameters.load())
    if kind == "scenarios":
        return scenarios.load(path)
    document = read(path)
    name = path.parent.name
    return build(documents() | {name: document.with_data(overlaid(documents()[name].data, document.data))})


def test_the_folders_are_there():
    counted = {kind: sum(path.is_relative_to(FOLDER / kind) for path in BROKEN) for kind in KINDS}
    assert all(number >= 15 for number in counted.values()), counted
    assert len(BROKEN) >= 45
    assert {path.parent.name for path in BROKEN if path.is_relative_to(FOLDER / "parameters")} == set(FILES)


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: str(path.relative_to(FOLDER).with_suffix("")))
def test_the_message_says_what_a_reader_needs(path: Path):
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith(MARK)
    with pytest.raises(InputError) as caught:
        load(path)
    message = str(caught.value)
    for part in first.removeprefix(MARK).split(" | "):
        assert part in message, f"'{part}' is not in: {message}"
    assert "\n" not in message
    assert caught.value.exit_code == 2


def test_without_its_fault_a_file_is_good(tmp_path: Path):
    """The broken files are broken by their fault alone: mended, each kind can be read."""
    book = (FOLDER / "rulebooks" / "unknown-behaviour.yaml").read_text(encoding="utf-8")
    (tmp_path / "unknown-behaviour.yaml").write_text(book.replace("[litering]", "[littering]"), encoding="utf-8")
    assert rulebooks.load(tmp_path / "unknown-behaviour.yaml", parameters.load()).name == "unknown-behaviour"
    scenario = (FOLDER / "scenarios" / "unknown-society.yaml").read_text(encoding="utf-8")
    (tmp_path / "unknown-society.yaml").write_text(scenario.replace("vilage", "village"), encoding="utf-8")
    assert scenarios.load(tmp_path / "unknown-society.yaml").society == "village"
    document = read(FOLDER / "parameters" / "societies" / "unknown-province.yaml")
    document.data["societies"]["town"]["province"] = "shandong"
    data = overlaid(documents()["societies"].data, document.data)
    assert build(documents() | {"societies": document.with_data(data)}).societies["town"].province == "shandong"


# ------------------------------------------------------------------------------------------------ broken at random

fuzzed = functools.partial(settings, deadline=None, suppress_health_check=list(HealthCheck))

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([10**400, -(10**18), 0, 2**63]),
    st.floats(),
    st.text(max_size=12),
    st.dates(),
    st.sampled_from(["", "law-only", "0x10", "points", "theft", "1e400", "{", "\x00", "../a.yaml", "/"]),
)
JUNK = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)
MARKS = (": ", "- ", "\n", "  ", "{", "}", "[", "]", "&a ", "*a", "!!int ", "'", '"', "|", "#", "?", "\t")
YAML = st.lists(st.sampled_from(MARKS) | st.text(max_size=5), max_size=30).map("".join)


def library(kind: str, name: str) -> str:
    return resources.files(f"scorepolis.{kind}").joinpath(f"library/{name}.yaml").read_text(encoding="utf-8")


BOOK, SCENARIO = library("rulebooks", "teaching-town"), library("scenarios", "village")


@st.composite
def damaged(draw: st.DrawFn, text: str) -> str:
    """A text in which a few stretches are cut out, doubled, or written over."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 40)))
        text = text[:start] + draw(st.sampled_from(["", text[start:end] * 2]) | YAML) + text[end:]
    return text


@st.composite
def altered(draw: st.DrawFn, data: Plain) -> Plain:
    """Data in which something, anywhere, is replaced by junk, or taken away."""
    data = copy.deepcopy(data)
    holder = data
    while True:
        key = draw(st.sampled_from(list(holder) if isinstance(holder, dict) else range(len(holder))))
        inner = holder[key]
        if not (isinstance(inner, dict | list) and inner) or draw(st.integers(0, 3)) == 0:
            break
        holder = inner
    if draw(st.booleans()):
        holder[key] = draw(JUNK)
    else:
        del holder[key]
    return data


def refused(read_it: Callable[[], object]) -> str:
    """Call what reads, and return the message if the input was refused; anything else that is raised is a fault."""
    try:
        read_it()
    except InputError as error:
        return str(error)
    return ""


@fuzzed(max_examples=200)
@given(YAML | st.text())
def test_any_text_is_read_or_refused(text: str):
    assert "\n" not in refused(lambda: read_text(text, "fuzz.yaml"))


@fuzzed(max_examples=30)
@given(damaged(BOOK))
def test_a_damaged_rulebook_is_read_or_refused(text: str):
    assert "\n" not in refused(lambda: rulebooks.load_text(text, "teaching-town.yaml", parameters.load()))


@fuzzed(max_examples=150)
@given(altered(read_text(BOOK, "teaching-town.yaml").data))
def test_an_altered_rulebook_is_read_or_refused(data: dict[str, Any]):
    document = Document("a.yaml", data, {})
    assert "\n" not in refused(lambda: parse_rulebook(document, "teaching-town", parameters.load()))


@fuzzed(max_examples=100)
@given(damaged(SCENARIO))
def test_a_damaged_scenario_is_read_or_refused(text: str):
    assert "\n" not in refused(lambda: parse_scenario(read_text(text, "village.yaml"), "village", None))


@fuzzed(max_examples=100)
@given(altered({**read_text(SCENARIO, "village.yaml").data, "set": {"coefficients.learning.peer_weight": 0.1}}))
def test_an_altered_scenario_is_read_or_refused(data: dict[str, Any]):
    document = Document("a.yaml", data, {})
    assert "\n" not in refused(lambda: parse_scenario(document, "village", Path("nowhere")))


@fuzzed(max_examples=60)
@given(st.data(), st.sampled_from(FILES))
def test_an_altered_file_of_parameters_is_read_or_refused(data: st.DataObject, name: str):
    document = documents()[name]
    broken = document.with_data(data.draw(altered(document.data)))
    assert "\n" not in refused(lambda: build(documents() | {name: broken}))


PATHS = st.sampled_from([path for path, _ in parameters.quantities(parameters.load())])
ENDS = st.sampled_from(["", ".", ".0", ".x"])
NEARLY = st.builds(lambda path, cut, end: path[:cut] + end, PATHS, st.integers(0, 60), ENDS)
VALUES = st.one_of(LEAVES, st.text(alphabet="0123456789.eE+-_ ", max_size=8))


@fuzzed(max_examples=60)
@given(st.dictionaries(PATHS | NEARLY | st.text(max_size=10), VALUES, min_size=1, max_size=2))
def test_any_setting_is_taken_or_refused(settings: dict[str, Any]):
    refused(lambda: parameters.load(settings))
