"""YAML read with the position of every entry, so that an error can say file, line and column."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeAlias, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.constructor import ConstructorError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.tag import Tag

from scorepolis.core.errors import InputError, nearest

Key: TypeAlias = str | int
Keys: TypeAlias = tuple[Key, ...]
Plain: TypeAlias = Any  # what YAML holds: mappings, lists, strings, numbers, booleans, dates, null
Annotation: TypeAlias = Any  # a type as Python spells it: a class, a union, a generic alias
Model = TypeVar("Model", bound=BaseModel)

MOST_BYTES: Final = 4_000_000
MOST_ENTRIES: Final = 200_000
MOST_DEPTH: Final = 40

_TEXT: Final = Tag(suffix="tag:yaml.org,2002:str")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class Document:
    """The plain data of one YAML file, and where each entry stands in it.

    Parameters
    ----------
    name : str
        The file's name as shown to the user.
    data : dict
        Plain mappings, lists and scalars.
    positions : mapping
        Line and column, counted from 1, of the entry at each path.
    """

    def __init__(self, name: str, data: dict[str, Plain], positions: Mapping[Keys, tuple[int, int]]) -> None:
        self.name = name
        self.data = data
        self._positions = positions

    def with_data(self, data: dict[str, Plain]) -> Document:
        """Make a document with other data, whose entries are said to stand where these do.

        Parameters
        ----------
        data : dict
            The data in place of these.

        Returns
        -------
        Document
            The new document.
        """
        return Document(self.name, data, self._positions)

    def where(self, path: Keys) -> tuple[int, int]:
        """Find the entry at a path in the file.

        Parameters
        ----------
        path : tuple of str or int
            Keys and list indices, from the top.

        Returns
        -------
        tuple of int
            Line and column, counted from 1, of the entry or of its nearest known ancestor.
        """
        for length in range(len(path), 0, -1):
            if path[:length] in self._positions:
                return self._positions[path[:length]]
        return self._positions.get((), (1, 1))

    def error(self, path: Keys, message: str, expected: str | None = None, nearest: str | None = None) -> InputError:
        """Make an error that points at an entry.

        Parameters
        ----------
        path : tuple of str or int
            Keys and list indices, from the top.
        message : str
            What is wrong there.
        expected : str, optional
            What would be right.
        nearest : str, optional
            The valid name most like the one that stands there.

        Returns
        -------
        InputError
            The error, to be raised.
        """
        line, column = self.where(path)
        return InputError(message, file=self.name, line=line, column=column, expected=expected, nearest=nearest)


def read(path: Path | Traversable, name: str | None = None) -> Document:
    """Read a YAML file whose top is a mapping.

    Parameters
    ----------
    path : Path or Traversable
        The file.
    name : str, optional
        How messages call the file; by default its path.

    Returns
    -------
    Document
        Its data and positions.

    Raises
    ------
    InputError
        If the file is missing, unreadable, not UTF-8, malformed, has a key twice, is no mapping or is absurdly large.
    """
    name = str(path) if name is None else name
    try:
        # No stream is opened on what is not a plain file: reading a pipe or a device might never end.
        if not path.is_file():
            reason = "is a folder" if path.is_dir() else "is not a file" if _exists(path) else "does not exist"
            raise InputError(f"the file {reason}", file=name, expected="a YAML file")
        with path.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(f"the file cannot be read: {error.strerror or error}", file=name) from error
    except ValueError as error:  # a null character in the name
        raise InputError(f"the file cannot be read: {error}", file=repr(name)) from error
    if len(raw) > MOST_BYTES:
        raise InputError("the file is too large", file=name, expected=f"at most {MOST_BYTES} bytes")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        raise InputError("not UTF-8 text", file=name, line=line, column=column, expected="UTF-8") from error
    return read_text(text, name)


def _exists(path: Path | Traversable) -> bool:
    return isinstance(path, Path) and path.exists()


def read_text(text: str, name: str) -> Document:
    """Read YAML from a string.

    Parameters
    ----------
    text : str
        The YAML.
    name : str
        What messages call it.

    Returns
    -------
    Document
        Its data and positions.

    Raises
    ------
    InputError
        As `read` does.
    """
    if len(text) > MOST_BYTES:
        raise InputError("the text is too long", file=name, expected=f"at most {MOST_BYTES} characters")
    return _Builder(name).build(text)


class _Open:
    """A mapping or list whose end has not yet been seen."""

    def __init__(self, data: dict[str, Plain] | list[Plain], path: Keys, anchor: str | None) -> None:
        self.data = data
        self.path = path
        self.anchor = anchor
        self.size = 1
        self.key = ""
        self.awaits_key = isinstance(data, dict)

    def add(self, value: Plain) -> Keys:
        """Take in the next value, and return its path."""
        if isinstance(self.data, list):
            self.data.append(value)
            return (*self.path, len(self.data) - 1)
        self.data[self.key] = value
        self.awaits_key = True
        return (*self.path, self.key)


class _Builder:
    """Turns YAML events into data and positions.

    Events are handled one by one, without recursion, so that depth, and size after aliases are unfolded, can be limited
    before any memory is spent on them.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.yaml = YAML(typ="safe")  # libyaml where it is there: 25 times as fast
        self.positions: dict[Keys, tuple[int, int]] = {}
        self.anchors: dict[str, tuple[Plain, int]] = {}
        self.stack: list[_Open] = []
        self.root: Plain = None
        self.entries = 0
        self.known: dict[tuple[str, tuple[bool, bool]], Plain] = {}

    def build(self, text: str) -> Document:
        documents = 0
        try:
            for event in self.yaml.parse(text):
                if isinstance(event, DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        raise self._error(event, "a second document in the file", "one document")
                self._take(event)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            message = " ".join(part for part in (error.context, error.problem) if part)
            line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
            raise InputError(f"malformed YAML: {message}", file=self.name, line=line, column=column) from error
        except (YAMLError, ValueError, OverflowError) as error:
            lines = str(error).splitlines() or [type(error).__name__]
            raise InputError(f"malformed YAML: {lines[0]}", file=self.name) from error
        if not isinstance(self.root, dict):
            found = "the file is empty" if self.root is None else "the file is not a mapping"
            raise InputError(found, file=self.name, line=1, column=1, expected="`key: value` lines")
        return Document(self.name, self.root, self.positions)

    def _take(self, event: Event) -> None:
        if isinstance(event, ScalarEvent):
            if not event.value.isascii() and _SURROGATE.search(event.value):
                raise self._error(event, "half a character (a lone surrogate)", "UTF-8 text")
            if self._awaits_key():
                self._take_key(event)
            else:
                self._add(event, self._scalar(event), event.anchor, 1)
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            if self._awaits_key():
                raise self._error(event, "a key that is not a plain name", "a name before the colon")
            if len(self.stack) >= MOST_DEPTH:
                raise self._error(event, "nested too deeply", f"at most {MOST_DEPTH} levels")
            data: dict[str, Plain] | list[Plain] = {} if isinstance(event, MappingStartEvent) else []
            path = self._place(event, data)
            self.stack.append(_Open(data, path, event.anchor))
            self._count(event, 1)
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            done = self.stack.pop()
            if self.stack:
                self.stack[-1].size += done.size
            if done.anchor is not None:
                self.anchors[done.anchor] = (done.data, done.size)
        elif isinstance(event, AliasEvent):
            if self._awaits_key():
                raise self._error(event, "an alias as a key", "a name before the colon")
            if event.anchor not in self.anchors:
                raise self._error(event, f"the alias *{event.anchor} has no finished anchor", "an anchor before it")
            data, size = self.anchors[event.anchor]
            self._add(event, data, None, size)

    def _awaits_key(self) -> bool:
        return bool(self.stack) and self.stack[-1].awaits_key

    def _take_key(self, event: ScalarEvent) -> None:
        key = event.value
        top = self.stack[-1]
        if key == "<<" and not event.style:
            raise self._error(event, "a merge key", "every key written out")
        if key in top.data:
            first = self.positions[(*top.path, key)][0]
            raise self._error(event, f"the key '{key}' stands twice", f"it once; it stands in line {first} already")
        top.key, top.awaits_key = key, False
        self.positions[(*top.path, key)] = _position(event)

    def _add(self, event: Event, value: Plain, anchor: str | None, size: int) -> None:
        self._place(event, value)
        self._count(event, size)
        if self.stack:
            self.stack[-1].size += size
        if anchor is not None:
            self.anchors[anchor] = (value, size)

    def _place(self, event: Event, value: Plain) -> Keys:
        """Put a value where it belongs, and return its path."""
        if not self.stack:
            self.root = value
            self.positions[()] = _position(event)
            return ()
        path = self.stack[-1].add(value)
        # The value of a key stands where its key stands, which is known already.
        self.positions.setdefault(path, _position(event))
        return path

    def _count(self, event: Event, size: int) -> None:
        self.entries += size
        if self.entries > MOST_ENTRIES:
            raise self._error(event, "too many entries, aliases unfolded", f"at most {MOST_ENTRIES}")

    def _scalar(self, event: ScalarEvent) -> Plain:
        if event.tag:
            return self._constructed(event, event.tag)
        # The same few words stand in a file a thousand times, and what they stand for never changes.
        key = event.value, event.implicit
        if key not in self.known:
            self.known[key] = self._constructed(event, self.yaml.resolver.resolve(ScalarNode, *key))
        return self.known[key]

    def _constructed(self, event: ScalarEvent, tag: object) -> Plain:
        if tag == _TEXT:
            text: str = event.value
            return text
        node = ScalarNode(tag, event.value, event.start_mark, event.end_mark, style=event.style)
        try:
            return self.yaml.constructor.construct_object(node)
        except ConstructorError:
            raise
        except (ValueError, OverflowError, LookupError, TypeError, AttributeError) as error:
            raise self._error(event, f"'{event.value[:40]}' cannot be read: {error}") from error

    def _error(self, event: Event, message: str, expected: str | None = None) -> InputError:
        line, column = _position(event)
        return InputError(message, file=self.name, line=line, column=column, expected=expected)


def _position(event: Event) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def validate(model: type[Model], document: Document) -> Model:
    """Check a document against a model.

    Parameters
    ----------
    model : type of BaseModel
        The Pydantic model of the file.
    document : Document
        What was read.

    Returns
    -------
    BaseModel
        The document as an instance of the model.

    Raises
    ------
    InputError
        About the first fault, with its place; a misspelt key goes first.
    """
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        faults = _sorted(error, document)
        told = _tell(model, document, faults[0])
        if len(faults) > 1:
            told.message += f" (and {len(faults) - 1} more)"
        raise told from error


def invalid(model: type[BaseModel], document: Document) -> tuple[InputError, ...]:
    """Check a document against a model, and tell every fault.

    Parameters
    ----------
    model : type of BaseModel
        The Pydantic model of the file.
    document : Document
        What was read.

    Returns
    -------
    tuple of InputError
        A message for each fault, misspelt keys first; none if the document is valid.
    """
    try:
        model.model_validate(document.data)
    except ValidationError as error:
        return tuple(_tell(model, document, fault) for fault in _sorted(error, document))
    return ()


def _sorted(error: ValidationError, document: Document) -> list[ErrorDetails]:
    # A misspelt key is also a missing one: the misspelling is the fault to tell.
    def place(fault: ErrorDetails) -> tuple[bool, tuple[int, int]]:
        return fault["type"] != "extra_forbidden", document.where(_untagged(fault["loc"], document.data))

    return sorted(error.errors(), key=place)


_EXPECTED: Final = {
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "date_from_datetime_parsing": "a date, such as 2019-01-31",
    "date_type": "a date, such as 2019-01-31",
    "dict_type": "a mapping",
    "list_type": "a list",
    "string_type": "text",
    "tuple_type": "a list",
}
"""What Pydantic expects, in the words of the file, by the type of its fault."""


def _tell(model: type[BaseModel], document: Document, fault: ErrorDetails) -> InputError:
    """Put one of Pydantic's faults into our words."""
    path = _untagged(fault["loc"], document.data)
    kind: str = fault["type"]
    context: dict[str, Plain] = fault.get("ctx", {})
    last = str(path[-1]) if path else ""
    if kind == "extra_forbidden":
        names = _names_at(model, fault["loc"][:-1])
        known = _listed(names) if names else None
        return document.error(path, f"unknown key '{last}'", known, nearest(last, names))
    if kind == "missing":
        inside = f" in {_dotted(path[:-1])}" if len(path) > 1 else ""
        return document.error(path[:-1], f"'{last}' is missing{inside}", f"the key '{last}'")
    if kind.startswith("union_tag"):
        # Which of several models is meant is told by one of their keys.
        last = context["discriminator"].strip("'")
        if "tag" not in context:
            for key in fault["input"] if isinstance(fault["input"], dict) else ():
                if nearest(str(key), [last]):
                    return document.error((*path, key), f"unknown key '{key}'", f"the key '{last}'", last)
            return document.error(path, f"'{last}' is missing in {_dotted(path)}", f"the key '{last}'")
        path, context = (*path, last), {"expected": context["expected_tags"], "given": context["tag"]}
    if kind in ("literal_error", "union_tag_invalid"):
        names = re.findall(r"'([^']*)'", context["expected"])
        given = str(context.get("given", fault["input"]))
        last = next((key for key in reversed(path) if isinstance(key, str)), last)
        return document.error(path, f"unknown {last} '{given[:60]}'", context["expected"], nearest(given, names))
    if kind == "value_error":
        return document.error(path, f"{_dotted(path)}: {context['error']}")
    message, _, _ = str(fault["msg"]).partition("\n")
    expected = _EXPECTED.get(kind, re.sub(r"^(?:Input|Value) should (?:be )?|^Input ", "", message))
    if kind in ("model_type", "model_attributes_type"):
        names = _names_at(model, fault["loc"])
        expected = f"a mapping of {', '.join(names)}" if names else "a mapping"
    if kind == "too_short":
        expected = f"at least {context['min_length']}"
    return document.error(path, f"{_dotted(path)}: {_shown(fault['input'])} will not do", expected)


def _untagged(path: Keys, data: Plain) -> Keys:
    """Leave out of a path what names no place in the file, but which of several models was meant."""
    kept: list[Key] = []
    for at, key in enumerate(path):
        there = (isinstance(data, dict) and key in data) or (isinstance(data, list) and key in range(len(data)))
        if there or at == len(path) - 1:
            kept.append(key)
        data = data[key] if there else data
    return tuple(kept)


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _dotted(path: Keys) -> str:
    return ".".join(str(key) for key in path) or "the file"


def _listed(names: Sequence[str]) -> str:
    return "one of " + ", ".join(names)


def _names_at(model: type[BaseModel], path: Keys) -> list[str]:
    """Return the keys that the model allows at a path; none if that cannot be told."""
    here: Annotation = model
    for key in path:
        here = _inside(here, key)
    here = _model_of(here)
    return [field.alias or name for name, field in here.model_fields.items()] if here else []


def _inside(annotation: Annotation, key: Key) -> Annotation:
    """Return the type of what stands at `key` within something of the annotated type."""
    choice = [option for option in _options(annotation) if _model_of(option)]
    if len(choice) > 1:
        return next((option for option in choice if any(_tag(f) == key for f in option.model_fields.values())), None)
    model = _model_of(annotation)
    if model is not None:
        field = next((f for n, f in model.model_fields.items() if key in (n, f.alias)), None)
        return field.annotation if field else None
    for option in _options(annotation):
        origin: Annotation = get_origin(option)
        arguments = get_args(option)
        if origin in (dict, Mapping) and len(arguments) == 2:
            return arguments[1]
        if origin in (list, tuple, Sequence) and arguments and isinstance(key, int):
            return arguments[0]
    return None


def _tag(field: FieldInfo) -> object:
    """Return the only word that a field takes, if it takes one only."""
    words = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
    return words[0] if len(words) == 1 else None


def _model_of(annotation: Annotation) -> type[BaseModel] | None:
    for option in _options(annotation):
        if isinstance(option, type) and issubclass(option, BaseModel):
            return option
    return None


def _options(annotation: Annotation) -> list[Annotation]:
    """Unfold optional, annotated and named types into what they may stand for."""
    origin: Annotation = get_origin(annotation)
    if origin is Annotated:
        return _options(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return [inner for option in get_args(annotation) for inner in _options(option)]
    return [annotation]
