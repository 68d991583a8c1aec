"""Sections 7 to 11: one day. This file has the whole, and act, observe and treat.

`world` is the run (world.py); what is counted goes to `world.month` (month.py).
"""

from dataclasses import dataclass

from .agenda import RECORD, Item
from .draws import ACT, FALSE_RECORD, GATE, OBSERVE, half, q
from .press import press
from .repair import seek
from .respond import appeal, learn
from .score import score
from .society import Person
from .stakes import in_incomes, prospect, stake
from .tables import NOT_DONE, STALE, TRUE, WRONG_PERSON, band

REFUSED, DELAYED, DEARER, CHEAPER, FIRST = 0, 1, 2, 3, 4


@dataclass(slots=True)
class Act:
    person: Person
    behaviour: int
    caught: bool = False


@dataclass(slots=True)
class Outcome:
    person: Person
    service: int
    refused: bool
    days: int
    percent: int
    first: bool


def live_a_day(world, day):
    acts, applications = act(world, day)
    world.court.sit(day)
    todays = observe(world, day, acts)
    if world.bodies:
        press(world, day, acts, todays)
    agenda = [*world.diary.days.get(day, []), *todays]
    entries = score(world, day, todays)
    outcomes = treat(world, applications)
    appeal(world, day, entries)
    learn(world, day, acts, entries, outcomes)
    seek(world, day, agenda, entries)
    return entries


# Section 7


def candidates(world, day):
    """Those whom the gate lets through, in slot order."""
    for place in world.society.neighbourhoods:
        blocks = {}
        for person in place.people:
            a = person.rank
            block = (a >> 1) & 127
            if block not in blocks:
                blocks[block] = world.draw(GATE, 128 * place.number + block, 0, day)
            if half(blocks[block][a >> 8], a & 1) < person.gate:
                yield person


def act(world, day):
    """The acts and the applications of the day."""
    acts, applications = [], []
    n_behaviours = len(world.setting.behaviours)
    for person in candidates(world, day):
        x = (world.draw(ACT, person.slot, 0, day)[0] * (person.gate << 16)) >> 32
        for kind in world.tables.walk:
            if x < person.ceiling[kind]:
                break
            x -= person.ceiling[kind]
        else:
            continue
        if kind >= n_behaviours:
            applications.append((person, kind - n_behaviours))
            world.month.acts[kind] += 1
        elif behaves(world, person, world.setting.behaviours[kind], x):
            acts.append(Act(person, kind))
            world.month.acts[kind] += 1
            world.society.neighbourhoods[person.h].acts[kind] += 1
    return acts, applications


def behaves(world, person, behaviour, x):
    """Whether the opportunity becomes an act."""
    tables, b = person.tables, behaviour.number
    wish = (person.base[b] * (65536 + tables.hardship[b] * person.hardship)) >> 16
    wish = (wish * world.society.neighbourhoods[person.h].peers[b]) >> 8
    for table, account in zip(tables.instruments, person.accounts, strict=True):
        if account.in_scope:
            wish = (wish * table.open[b][account.standing]) >> 16
    if behaviour.bad:
        loss = in_incomes(world, person, stake(world, person, behaviour))
        p_law = tables.p_law[behaviour.domain]
        actual = (wish * tables.deterrence(person.belief[behaviour.domain] * 257, p_law, loss)) >> 16
        if actual <= x < wish:
            world.month.silenced[b] += 1
    else:
        own = (wish * (person.motive << 9)) >> 16
        gain = in_incomes(world, person, prospect(world, person, behaviour))
        reward = min(tables.reward_most, (tables.reward_pull * gain) >> 4)
        actual = own + ((wish * reward) >> 16)
        if own <= x < actual:
            world.month.for_points[b] += 1
    return x < actual


# Section 8


def observe(world, day, acts):
    """Today's records that are ready today; those that take longer go to the diary."""
    todays = []

    def write(subject, behaviour, sensor, word, kind, doer):
        delay = sensor.shortest + ((word * (sensor.longest - sensor.shortest + 1)) >> 32)
        if kind == TRUE and delay > world.tables.stale_after:
            kind = STALE
        item = Item(subject.number, RECORD, behaviour=behaviour, sensor=sensor.number, truth=doer << 4 | kind)
        if delay == 0:
            todays.append(item)
        else:
            world.diary.add(day + delay, item)

    for each in acts:
        doer, b = each.person, each.behaviour
        place = world.society.neighbourhoods[doer.h]
        for j, sensor in enumerate(doer.tables.sensors_of[b]):
            w = world.draw(OBSERVE, doer.slot, j, day)
            if w[0] < doer.tables.seen[b][j][place.levels[sensor.number]]:
                subject = doer
                if w[1] < q(32, sensor.wrong_person):
                    subject = place.people[(w[2] * len(place.people)) >> 32]
                each.caught = subject is doer
                write(subject, b, sensor, w[3], TRUE if each.caught else WRONG_PERSON, doer.local)
                break
    world.court.sue(day, acts)

    for place in world.society.neighbourhoods:
        n = len(place.people)
        for sensor, f, others, bad in place.region.tables.false:
            s = sensor.number
            w = world.draw(FALSE_RECORD, place.number, 16 * s, day)
            count = min(15, ((f * n * place.levels[s]) // 15 + w[0]) >> 32)
            for e in range(count):
                w = world.draw(FALSE_RECORD, place.number, 16 * s + 1 + e, day)
                victim = place.people[(w[0] * n) >> 32]
                if not (sensor.group and victim.has(sensor.group)) and w[1] >= others:
                    continue
                behaviour = bad[(w[2] * len(bad)) >> 32]
                if band(victim.age) >= 2 and victim.has(behaviour.requires):
                    write(victim, behaviour.number, sensor, w[3], NOT_DONE, 0)
    return todays


# Section 10


def treat(world, applications):
    """What becomes of the applications."""
    outcomes = []
    for person, v in applications:
        outcome = Outcome(person, v, refused=False, days=0, percent=0, first=False)
        for table, account in zip(person.tables.instruments, person.accounts, strict=True):
            if not account.in_scope:
                continue
            g = account.standing
            if table.denies[v][g]:
                outcome.refused = True
                account.marks |= 2
            outcome.days = max(outcome.days, table.days[v][g])
            outcome.percent += table.percent[v][g]
            outcome.first = outcome.first or table.first[v][g]
        outcome.refused = outcome.refused or family_listed(person, v)
        if outcome.refused:
            outcome.days, outcome.percent, outcome.first = 0, 0, False
        outcome.first = outcome.first and outcome.days == 0
        tally = world.month.outcomes[v]
        tally[REFUSED] += outcome.refused
        tally[DELAYED] += outcome.days > 0
        tally[DEARER] += outcome.percent > 0
        tally[CHEAPER] += outcome.percent < 0
        tally[FIRST] += outcome.first
        outcomes.append(outcome)
    return outcomes


def family_listed(person, v):
    """Whether somebody else in the household is on a list that refuses the service to the family too."""
    others = [other for other in person.home if other is not person]
    return any(
        table.family[v] and any(other.accounts[k].in_scope and other.accounts[k].standing == 0 for other in others)
        for k, table in enumerate(person.tables.instruments)
    )
