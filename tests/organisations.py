"""What tests of the audit ask of books of firms and of books of public bodies alike."""

from __future__ import annotations

from tests.test_audit import changed, discretion, found, number

MINUS = f"points: {number(-15)}"
PURPOSE = "purpose: To show a book in which no check finds anything"
BOUND = {"representative-listed", "idle-binding"}
"""Checks of what reaches the person behind an organisation."""


def head(many: str, law: str, subject: str, employs: str = "") -> str:
    """Begin a book of firms, or of public bodies."""
    return f"""\
version: 1
name: base
title: A book of {many} without a finding
{PURPOSE}
legal_basis: {law}, Article 7
in_force: {{from: 2022-01-01, until: null}}
tag: stylised
employs: [{employs}]
instruments: []
{subject}:
"""


def graded(*bands: tuple[str, int, int]) -> str:
    """Grade scores from 85 on, by name, lowest and highest score of each grade, the lowest grade first."""
    grades = "".join(
        f"      - grade: {grade}\n        lowest: {number(lowest)}\n        highest: {number(highest)}\n"
        for grade, lowest, highest in bands
    )
    ends = f"      lowest: {number(bands[0][1])}\n      highest: {number(bands[-1][2])}\n"
    return f"    start: {number(85)}\n    range:\n{ends}    grades:\n{grades}"


def left_open(lowest: object, highest: object) -> tuple[str, str]:
    """Leave the first rule to the discretion of whoever applies it."""
    return f"        {MINUS}\n", f"        {MINUS}\n{discretion(lowest, highest)}"


def binds(court: str, book: str, instrument: str) -> tuple[str, str]:
    """Hold the person behind a listed organisation under a list of people."""
    entry = f"{{rulebook: {book}, instrument: {instrument}, grade: listed, status: documented, source: A text}}"
    return f"    reach: [{court}]\n", f"    binds:\n      - {entry}\n    reach: [{court}]\n"


def twins(base: str, listed: str, law: str, court: str) -> dict[str, tuple]:
    """Give the twins of checks that ask the same of both: check, and base, fault, words on the line, and mend."""

    def based(article: str) -> list[tuple[str, str]]:
        return [(MINUS, f"{MINUS}\n        legal_basis: {article}")]

    def held(book: str, instrument: str) -> list[tuple[str, str]]:
        return [binds(court, book, instrument)]

    start = f"start: {number(85)}"
    guess = start.replace("documented", "assumed").replace("source: A text", "reason: Ours")
    return {
        "number-without-source": (base, [(start, guess)], "start:", []),
        "purpose-missing": (base, [(PURPOSE, "purpose: None.")], "purpose:", []),
        "legal-basis-missing": (base, [(f"{law}, Article 7", "None; a draft")], "legal_basis:", []),
        "rule-without-legal-basis": (base, based("none"), "        legal_basis:", based(f"{law}, Article 9")),
        "secret-rules": (base, [("published", "secret")], "transparency:", []),
        "rules-partly-published": (base, [("published", "partly")], "transparency:", []),
        "discretion-without-bounds": (base, [left_open(None, -5)], "discretion:", [left_open(-20, -5)]),
        "discretion-too-wide": (base, [left_open(-26, -5)], "discretion:", [left_open(-25, -5)]),
        "representative-listed": (
            *(listed, held("defaulter-list-2024", "list"), "- {rulebook:"),
            held("spending-restriction-2024", "restriction"),
        ),
        "idle-binding": (
            *(listed, held("spending-restriction-2017", "restriction"), "- {rulebook:"),
            held("spending-restriction-2020", "restriction"),
        ),
    }


def assert_found_and_mended(check: str, twin: tuple, of: str) -> None:
    """Find a fault first on its line, of whom it is, and not in the mended twin."""
    base, fault, words, mended = twin
    text = changed(base, fault)
    finding = found(text, check)[0]
    assert words in text.splitlines()[finding.line - 1]
    assert finding.of == of
    assert found(changed(base, mended), check) == []
