"""A story in words: sentences made from the numbers, and the days one under the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.box import SIMPLE_HEAD
from rich.console import Group as Renderables
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from scorepolis.core.buffers import CHANNELS
from scorepolis.explain.choose import KINDS
from scorepolis.explain.moments import lower
from scorepolis.society.flags import (
    BORROWER,
    DOG_OWNER,
    DRIVER,
    FEMALE,
    MIGRANT,
    MINORITY,
    ONLINE,
    PARTY,
    PUBLIC_SERVANT,
    URBAN,
    WORKING,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from scorepolis.explain.life import Life
    from scorepolis.explain.moments import Moment
    from scorepolis.explain.story import Story, Told
    from scorepolis.explain.totals import Conduct

LIMITS: Final = (
    "Nobody in it exists. It is one life of the model, a type, and no story of a real person.",
    "It says what the model did, not why a person would: there are no motives in it beyond what the model counts.",
    "One life shows what can happen, not how often; how often stands in the measures of the run.",
)

HEADS: Final = {
    "act": "Did",
    "undone": "Left undone",
    "court": "Court",
    "record": "Recorded",
    "entry": "Entered",
    "door": "Doors",
    "answer": "Asked",
    "notice": "Told",
}
"""What each sort of moment is called."""

SAME: Final = "the same"

_SCHOOLING: Final = ("primary school or none", "lower secondary school", "upper secondary school", "college")
_FIFTHS: Final = ("poorest", "second", "middle", "fourth", "richest")
_OTHERWISE: Final = (
    (MIGRANT, "a migrant"), (MINORITY, "of a minority"), (PARTY, "in the Party"), (WORKING, "working"),
    (PUBLIC_SERVANT, "in public service"), (DRIVER, "drives"), (DOG_OWNER, "keeps a dog"), (BORROWER, "has a loan"),
    (ONLINE, "is online"),
)  # fmt: skip
_MIGRANTS: Final = {
    "permit_holder": "a migrant with a residence permit",
    "migrant": "a migrant without a residence permit",
    "foreigner": "a foreigner",
}
"""What a migrant is called where a rulebook tells them apart."""
_SHOWN: Final = {
    "billboard": "on a billboard",
    "app": "in an app",
    "ringtone": "by a ringtone",
    "broadcast_shame": "by loudspeaker, to shame",
    "gallery": "in a gallery",
    "broadcast_praise": "by loudspeaker, to praise",
}
_STATES: Final = (
    ("Believed risk of being recorded, commerce", "belief_commerce", 255),
    ("Believed risk of being recorded, society", "belief_society", 255),
    ("Hardship", "hardship", 255),
    ("Trust in strangers", "trust", 255),
    ("Private approval", "opinion", 255),
)


def sentences(story: Story) -> list[str]:
    """Say who it is, how it went, what was wrong, what changed, and where the two lives part.

    Parameters
    ----------
    story : Story
        A life, and the same life beside it.

    Returns
    -------
    list of str
        Sentences made from the numbers.
    """
    return [
        who(story.here.life),
        *_standings(story.here),
        *_what_happened(story),
        *_wrongs(story.here),
        *_doors(story.here),
        *_turn(story),
        *_states(story),
        *_parting(story),
    ]


def who(life: Life) -> str:
    """Describe a person, as the model knows them on the morning of day 0."""
    about, flags = life.who, life.who["flags"]
    sex = "woman" if flags & FEMALE else "man"
    if about["age"] < 18:
        sex = "girl" if flags & FEMALE else "boy"
    place = "an urban" if flags & URBAN else "a rural"
    words = [word for bit, word in _OTHERWISE if flags & bit]
    if flags & MIGRANT:
        words[0] = _MIGRANTS.get(life.registration or "", words[0])
    income = life.states[0]["income"]
    fifth = _FIFTHS[(about["income_rank"] * 5) >> 10]
    schooling = f" with {_SCHOOLING[about['education']]}" if about["age"] >= 18 else ""
    return (
        f"Person {life.person:,} is a synthetic {sex} of {about['age']}{schooling}, in {place} neighbourhood of the "
        f"society '{life.run.provenance['society']}', in a household of {about['household'] & 15}, with "
        f"{income:,} yuan a year per head, in the {fifth} fifth of incomes"
        + (f"; {', '.join(words)}." if words else ".")
    )


def cells(story: Story) -> Iterator[tuple[int, str, str, str, bool]]:
    """Set the moments of the two lives side by side.

    Yields
    ------
    tuple
        Day; what sort of moment; what happened here; what happened there, empty where nothing did; whether what was
        written down is wrongful. A moment that both lives have stands once.
    """
    theirs = _by_day(story.there)
    ours = _by_day(story.here)
    for day in sorted({*ours, *theirs}):
        left = list(theirs.get(day, ()))
        for moment in ours.get(day, ()):
            twin = next((other for other in left if _alike(moment, other)), None)
            if twin is not None:
                left.remove(twin)
            there = "" if twin is None else SAME if twin.text == moment.text else twin.text
            yield day, HEADS[moment.what], moment.text, there, moment.wrongful is not None
        for moment in left:
            yield day, HEADS[moment.what], "", moment.text, moment.wrongful is not None


def show(story: Story) -> Renderables:
    """Tell a story to a person.

    Parameters
    ----------
    story : Story
        A life, and the same life beside it.

    Returns
    -------
    rich.console.Group
        To be printed by a Rich console.
    """
    parts: list[RenderableType] = [
        Text(f"One life: person {story.choice.person:,}", style="bold"),
        Text(story.choice.why),
        Padding(_listed(sentences(story)), (1, 0)),
        _table(story),
        Text("What it cannot tell", style="bold"),
        Padding(_listed(list(LIMITS)), (0, 0, 1, 0)),
    ]
    return Renderables(*parts)


def _table(story: Story) -> Padding:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column("Date", no_wrap=True)
    table.add_column("", style="dim", no_wrap=True)
    table.add_column(f"Under {story.here.name}", ratio=3, overflow="fold")
    if story.there:
        table.add_column(f"Under {story.there.name}", ratio=2, overflow="fold")
    last = -1
    for day, head, here, there, wrongful in cells(story):
        mark = "bold red" if wrongful else ""
        row = [Text(here, style=mark), *([Text(there, style="dim" if there == SAME else "")] if story.there else [])]
        table.add_row(story.date(day).isoformat() if day != last else "", head, *row)
        last = day
    return Padding(table, (0, 0, 1, 0))


def _by_day(told: Told | None) -> dict[int, list[Moment]]:
    days: dict[int, list[Moment]] = {}
    for moment in told.moments if told else ():
        days.setdefault(moment.day, []).append(moment)
    return days


def _alike(one: Moment, other: Moment) -> bool:
    """Say whether two moments are the same thing, however it was told or answered."""
    if one.what != other.what:
        return False
    keys = ("behaviour", "sensor", "step", "service", "instrument", "rule", "cause", "truth")
    return all(one.detail.get(key) == other.detail.get(key) for key in keys)


def _standings(told: Told) -> Iterator[str]:
    life = told.life
    if not life.books.instruments:
        return
    outside = [k for k in range(len(life.books.labels)) if k not in life.scopes]
    asked = [k for k in outside if life.books.instruments[k].scope.consent is not None]
    if unasked := [life.books.labels[k] for k in outside if k not in asked]:
        yield f"Not in the scope of {_and(unasked)}."
    for k in asked:
        yield f"Not scored under {life.books.labels[k]}: out of its scope, or did not agree to be."
    for k in life.scopes:
        instrument, label = life.books.instruments[k], life.books.labels[k]
        first, last = life.states[0], life.states[-1]
        start, end = (instrument.grade_names[row[f"standing_{k}"]] for row in (first, last))
        entries = [row for row in life.entries if row["instrument"] == k]
        lowest = min([first[f"standing_{k}"], *(row["standing_after"] for row in entries)])
        knew = next((row["day"] for row in life.states if row[f"aware_{k}"]), None)
        if instrument.method == "list":
            way = f"Under {label} they were {start} at the start and {end} at the end"
            if instrument.grade_names[lowest] not in {start, end}:
                way += f", {instrument.grade_names[lowest]} in between"
        else:
            way = (
                f"Under {label} they began with {first[f'score_{k}']:,} points, grade {start}, and ended with "
                f"{last[f'score_{k}']:,}, grade {end}"
            )
            if instrument.grade_names[lowest] not in {start, end}:
                way += f"; the lowest grade in between was {instrument.grade_names[lowest]}"
        aware = (
            "never learned that it covers them"
            if knew is None
            else "knew of it from the start"
            if knew < 0
            else f"knew of it by {_date(told, knew)}"
        )
        yield f"{way}; they {aware}."


def _what_happened(story: Story) -> Iterator[str]:
    told = story.here
    t, conduct = told.totals, told.totals.conduct
    did = f"In {conduct.days:,} days they did {_whole(conduct.bad, 'bad thing')} and {_whole(conduct.good, 'good one')}"
    more = []
    if conduct.for_points:
        more.append(f"{conduct.for_points:,} of the good for the points alone")
    if conduct.undone:
        more.append(f"{_whole(conduct.undone, 'wish', 'wishes')} left undone for fear of the scheme")
    seen = f"{t.seen or 'none'} of their acts {'was' if t.seen == 1 else 'were'} recorded of them"
    yield f"{did}{' (' + '; '.join(more) + ')' if more else ''}; {seen}."
    if told.life.scopes:
        points = f"; by this they lost {t.lost:,} points and gained {t.gained:,}" if t.lost or t.gained else ""
        yield f"They were {_befell('penalised', t.penalties)} and {_befell('rewarded', t.rewards)}{points}."
    asked = f"They asked for a service {_times(t.applications)}" if t.applications else "They asked for no service"
    answers = [f"{word} {_times(n)}" for word, n in (("were refused", t.refused), ("had to wait", t.delayed)) if n]
    yield f"{asked}{' and ' + ' and '.join(answers) if answers else ''}."
    if t.appeals:
        upheld = "all" if t.upheld == t.appeals else t.upheld or "none"
        yield f"They appealed {_times(t.appeals)}; upheld: {upheld}."


def _wrongs(told: Told) -> Iterator[str]:
    wrongful = told.totals.wrongful
    if wrongful:
        ways = [KINDS[kind] if len(wrongful) == 1 else f"{n:,} {KINDS[kind]}" for kind, n in wrongful.items()]
        total = sum(wrongful.values())
        was = "penalty was" if total == 1 else "penalties were"
        yield f"{total:,} {was} wrongful: {_and(ways)}."
    false = [m for m in told.moments if m.what == "record" and m.wrongful in {"wrong_person", "not_done"}]
    if false:
        doers = sorted({m.detail["doer"] for m in false if "doer" in m.detail})
        whose = f"; whose acts they were: person {_and([f'{doer:,}' for doer in doers])}" if doers else ""
        yield f"{_whole(len(false), 'record')} against them {'was' if len(false) == 1 else 'were'} false{whose}."


def _doors(told: Told) -> Iterator[str]:
    if told.totals.shut_out:
        yield f"On {told.totals.shut_out:,} of {told.life.days:,} days at least one service was closed to them."
    channels = {name for row in told.life.states for c, name in enumerate(CHANNELS) if row["channels"] >> c & 1}
    if channels:
        yield f"At some month's end they were shown in public {_and([_SHOWN[n] for n in CHANNELS if n in channels])}."


def _turn(story: Story) -> Iterator[str]:
    if story.turn is None:
        return
    before, after = story.turn.before, story.turn.after
    day = _date(story.here, story.turn.day)
    yield (
        f"Until the first penalty, on {day}, they did {_pace(before)}; after it, {_pace(after)}"
        + (f", with {_whole(after.undone, 'wish', 'wishes')} left undone for fear" if after.undone else "")
        + "."
    )
    if story.there and story.turn_there:
        first, then = (_pace(part) for part in story.turn_there)
        yield f"Under {story.there.name}, up to the same day: {first}; after it, {then}."


def _states(story: Story) -> Iterator[str]:
    first, last = story.here.life.states[0], story.here.life.states[-1]
    theirs = story.there.life.states[-1] if story.there else None
    for title, name, scale in _STATES:
        if first[name] == last[name] and (theirs is None or theirs[name] == last[name]):
            continue
        beside = ""
        if theirs is not None and story.there is not None:
            beside = f"; under {story.there.name} {_percent(theirs[name], scale)}"
        yield f"{title}: {_percent(first[name], scale)} at the start, {_percent(last[name], scale)} at the end{beside}."


def _parting(story: Story) -> Iterator[str]:
    if story.parting is None or story.there is None:
        return
    name, lived, recorded = story.there.name, story.parting.lived, story.parting.recorded
    if lived is None:
        yield f"What they do, go through and are answered never parts from the same life under {name}."
    else:
        here, there = (_on(told, lived) for told in (story.here, story.there))
        yield (
            f"The two lives part on {_date(story.here, lived)}, day {lived:,}: under {story.here.name}, {here}; "
            f"under {name}, {there}."
        )
    if recorded is None:
        yield "What is recorded of them is the same in both."
    elif recorded != lived:
        yield f"What is recorded of them is no longer the same from {_date(story.here, recorded)}."


def _on(told: Told, day: int) -> str:
    """Say what was lived on a day."""
    lived = [lower(moment.text.rstrip(".")) for moment in told.moments if moment.lived and moment.day == day]
    return " and ".join(f"“{text}”" for text in lived) or "nothing"


def _pace(conduct: Conduct) -> str:
    """Tell conduct with its pace, so that spans of different length can be compared."""
    if not conduct.days:
        return "nothing, in no days"
    pace = f"{30 * conduct.acts / conduct.days:.1f} acts per 30 days"
    return f"{conduct.bad:,} bad and {conduct.good:,} good in {_whole(conduct.days, 'day')}, {pace}"


def _date(told: Told, day: int) -> str:
    from datetime import timedelta

    on = told.life.context.start + timedelta(days=day)
    return f"{on.day} {on:%B %Y}"


def _whole(count: int, noun: str, plural: str | None = None) -> str:
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def _befell(verb: str, count: int) -> str:
    return f"{verb} {_times(count)}" if count else f"never {verb}"


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count:,} times")


def _percent(value: int, scale: int) -> str:
    return f"{100 * value / scale:.0f} %"


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _listed(lines: list[str]) -> Text:
    return Text("\n".join(f"• {line}" for line in lines))
