"""The pages of all rulebooks of the library, with a list of them."""

from __future__ import annotations

from collections.abc import Iterator

from scorepolis import parameters, rulebooks
from scorepolis.report.rulebooks.body_page import BODY_METHODS
from scorepolis.report.rulebooks.firm_page import FIRM_METHODS
from scorepolis.report.rulebooks.page import METHODS, page

INDEX = "README.md"

INTRODUCTION = """# The rulebooks of the library

One page for each, made from its YAML by `make rulebooks`: what is scored, what it costs, what it opens and closes, how
one gets out, what is not known. A page tells the scheme as it is written down here, which is not always as it was:
`documented` follows a primary text or official figures, `reported` press or a paper, `assumed` is ours. None of it is
legal advice. What is wrong with a scheme, `scorepolis audit NAME` tells.
"""


def pages() -> Iterator[tuple[str, str]]:
    """Write the pages.

    Yields
    ------
    str, str
        Name of the file and its Markdown; the list of all comes last.
    """
    known = parameters.load()
    rows = ["| rulebook | title | tag | in force | instruments |", "| --- | --- | --- | --- | --- |"]
    for name in rulebooks.names():
        book = rulebooks.load(name, known)
        yield f"{name}.md", page(book, rulebooks.load_cases(book, known), known)
        since, until = book.in_force.from_.year, book.in_force.until
        years = f"{since} to {until.year}" if until else f"since {since}"
        methods = [f"{one.id}: {METHODS[one.method]}" for one in book.instruments]
        methods += [f"{one.id}: {FIRM_METHODS[one.method]}" for one in book.firms]
        methods += [f"{one.id}: {BODY_METHODS[one.method]}" for one in book.bodies]
        held = "; ".join(methods) or "none"
        rows.append(f"| [{name}]({name}.md) | {book.title} | {book.tag} | {years} | {held} |")
    yield INDEX, "\n".join((INTRODUCTION, *rows)) + "\n"
