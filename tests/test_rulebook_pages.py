"""The pages of rulebooks: current, complete, and in words that say what the YAML says."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from scorepolis import parameters, rulebooks
from scorepolis.report.rulebooks.grounds import grounds
from scorepolis.report.rulebooks.pages import INDEX, pages

FOLDER = Path(__file__).parents[1] / "docs" / "rulebooks"
PARAMETERS = parameters.load()


@cache
def made() -> dict[str, str]:
    return dict(pages())


def row(name: str, *cells: str) -> None:
    """Check that a row of a page holds certain cells."""
    lines = made()[f"{name}.md"].splitlines()
    assert any(all(f"| {cell} |" in line for cell in cells) for line in lines), cells


def test_the_pages_are_current():
    assert {path.name for path in FOLDER.iterdir()} == set(made())
    for name, text in made().items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, f"{name}: run make rulebooks"


def test_every_rulebook_is_in_the_list():
    for name in rulebooks.names():
        assert f"| [{name}]({name}.md) | {rulebooks.load(name, PARAMETERS).title} |" in made()[INDEX]


@pytest.mark.parametrize("name", rulebooks.names())
def test_a_page_holds_every_rule_grade_and_limit_and_every_assumption(name):
    book, page = rulebooks.load(name, PARAMETERS), made()[f"{name}.md"]
    for instrument in book.instruments:
        for rule in instrument.rules:
            assert f"| {rule.id} | {rule.text}" in page
        if instrument.method == "points":
            for grade in instrument.grades:
                assert f"| {grade.grade} | {grade.lowest.value} | {grade.highest.value} |" in page
    for limit in book.limits:
        assert f"- {limit}\n" in page
    for one in grounds(book):
        if one.part.status == "assumed":
            assert one.part.reason.replace("|", "/") in page
        else:
            assert f". {one.part.source}" in page


def test_it_is_told_who_agrees_and_how_often_standings_change():
    agreeing = "Only whoever agrees is scored: 58 % of them (reported [1]), and knows of it; nothing is entered for the"
    assert agreeing in made()["sesame.md"]
    assert "Only whoever agrees" not in made()["rongcheng-2019.md"]
    often = {
        "suining-2010": "changes on the day on which a record arrives",
        "bonus-malus-fr": "is reckoned anew once a year",
        "sesame": "is reckoned anew at each month's end",
    }
    for name, words in often.items():
        assert f"A standing {words}" in made()[f"{name}.md"]


def test_what_follows_is_told_in_words():
    row("rongcheng-2019", "R02", "-50 points", "730 days", "Courts")
    row("rongcheng-2019", "AAA", "Heating subsidy", "20 percent cheaper")
    row("rongcheng-2019", "R21", "no better than C", "1825 days")
    row("jinan-dogs", "-3 points; 1 times that more for each earlier record within 730 days, up to 3 times")
    row("joint-sanctions-2016", "listed", "Permit", "30 days later")
    row("myth", "for ever", "-100 points")
    row("reality-2020", "named", "Billboard", "shown for shame")
    row("defaulter-list-2017", "J3", "listed; the text leaves 730 to 1825 days", "730 days")
    row("defaulter-list-2024", "J4", "listed; serious; the text leaves 730 to 1825 days", "730 days")
    text = made()["rongcheng-2019.md"]
    assert "petitioning outside the channels (protected: ICCPR 25)" in text
    assert "the text leaves -50 to -5" in text
    assert "Whoever stands at listed under defaulter-list-2017, list, is held down to D" in text


def test_the_ways_out_are_told():
    assert "Performing the judgment ends it: J1." in made()["defaulter-list-2024.md"]
    assert "By itself it ends after 730 days: J2, J3, J4, J5, J6." in made()["defaulter-list-2024.md"]
    assert "Time does not help: M1, M2, M3, M4, M5, M6." in made()["myth.md"]
    assert "Points are made up by: S11, S12, S13, S14, S15, S16." in made()["rongcheng-2021.md"]
    for name, contested in (("myth", False), ("rongcheng-2021", True)):
        assert ("An entry can be contested" in made()[f"{name}.md"]) is contested


def test_who_is_harmed_by_nothing_is_told():
    harmless = "No standing closes anything, makes it dearer, or is shown for shame."
    assert [name for name in rulebooks.names() if harmless in made()[f"{name}.md"]] == [
        "bailu", "honest-shanghai", "osmanthus", "reality-2025", "rongcheng-2021",
    ]  # fmt: skip


def test_the_command_writes_them_and_takes_away_what_is_no_more(tmp_path):
    (tmp_path / "gone.md").write_text("A rulebook that is no more", encoding="utf-8")
    subprocess.run([sys.executable, "-m", "scorepolis.report.rulebooks", str(tmp_path)], check=True)
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == made()
