"""Sections 7 to 11: one day. Five loops over people: act, observe, score, treat, learn.

`world` is the run (world.py); what is counted goes to `world.month` (month.py).
"""

from dataclasses import dataclass

from .draws import ACT, FALSE_RECORD, GATE, LEARN, OBSERVE, TREATED, clamp, half, q, sround
from .files import DOMAINS
from .society import Person
from .tables import band

REFUSED, DELAYED, DEARER, CHEAPER, FIRST = 0, 1, 2, 3, 4
POINTS_EXPIRE, WINDOW_ENDS, OVERRIDE_ENDS, RECORD = 0, 1, 2, 3
TRUE, WRONG_PERSON, NOT_DONE = 0, 1, 2


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


@dataclass(slots=True)
class Entry:
    """A line of the ledger."""

    person: Person
    day: int
    what: int
    instrument: int
    rule: int
    behaviour: int
    sensor: int
    points: int
    score_before: int
    score_after: int
    standing_before: int
    standing_after: int
    kind: int = 0
    doer: int = 0

    def line(self):
        return (
            self.person.slot, self.day, self.what, self.instrument, self.rule, self.behaviour, self.sensor,
            self.points, self.score_before, self.score_after, self.standing_before, self.standing_after,
            self.kind, self.doer,
        )  # fmt: skip


def live_a_day(world, day):
    acts, applications = act(world, day)
    todays = observe(world, day, acts)
    entries = score(world, day, todays)
    outcomes = treat(world, applications)
    learn(world, day, acts, entries, outcomes)
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
    tables, b = world.tables, behaviour.number
    wish = (person.base[b] * (65536 + tables.hardship[b] * person.hardship)) >> 16
    wish = (wish * world.society.neighbourhoods[person.h].peers[b]) >> 8
    for table, account in zip(tables.instruments, person.accounts, strict=True):
        if account.in_scope:
            wish = (wish * table.open[b][account.standing]) >> 16
    at_stake = stake(world, person, behaviour)
    loss = min(65535, (at_stake * 4096) // max(1, world.society.income_now(person)))
    if behaviour.bad:
        p_law = tables.p_law[behaviour.domain]
        actual = (wish * tables.deterrence(person.belief[behaviour.domain] * 257, p_law, loss)) >> 16
        if actual <= x < wish:
            world.month.silenced[b] += 1
    else:
        own = (wish * (person.motive << 9)) >> 16
        reward = min(tables.reward_most, (tables.reward_pull * loss) >> 4)
        actual = own + ((wish * reward) >> 16)
        if own <= x < actual:
            world.month.for_points[b] += 1
    return x < actual


def stake(world, person, behaviour):
    """What the person thinks the act would cost (bad) or bring (good) under the instruments, yuan."""
    total = 0
    for table, account in zip(world.tables.instruments, person.accounts, strict=True):
        rule = table.rule_of.get(behaviour.number)
        if not account.in_scope or not account.aware or rule is None:
            continue
        before = account.effective_score(table.instrument, table.midpoint)
        after = before + rule.points
        if behaviour.bad:
            if rule.points > 0:
                continue
            if rule.grade is not None:
                after = min(after, table.midpoint[rule.grade])
            change = table.worth(person.rate_cell, before) - table.worth(person.rate_cell, after)
        else:
            if rule.points <= 0 or (rule.kind == "cap" and account.counters[rule.counter] >= rule.most):
                continue
            change = table.worth(person.rate_cell, after) - table.worth(person.rate_cell, before)
        total += (max(0, change) * table.duration[rule.number]) >> 8
    return total


# Section 8


def observe(world, day, acts):
    """Today's records that are ready today; those that take longer go to the diary."""
    todays = []

    def write(subject, behaviour, sensor, word, kind, doer):
        delay = sensor.shortest + ((word * (sensor.longest - sensor.shortest + 1)) >> 32)
        item = (subject.number, RECORD, 0, 0, 0, behaviour, sensor.number, doer << 2 | kind)
        (todays if delay == 0 else world.diary.setdefault(day + delay, [])).append(item)

    for each in acts:
        doer, b = each.person, each.behaviour
        place = world.society.neighbourhoods[doer.h]
        for j, sensor in enumerate(world.tables.sensors_of[b]):
            w = world.draw(OBSERVE, doer.slot, j, day)
            if w[0] < world.tables.seen[b][j][place.levels[sensor.number]]:
                subject = doer
                if w[1] < q(32, sensor.wrong_person):
                    subject = place.people[(w[2] * len(place.people)) >> 32]
                each.caught = subject is doer
                write(subject, b, sensor, w[3], TRUE if each.caught else WRONG_PERSON, doer.local)
                break

    for place in world.society.neighbourhoods:
        n = len(place.people)
        for sensor, f, others, bad in world.tables.false:
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


# Section 9


def score(world, day, todays):
    """The day's agenda; returns the ledger entries."""
    entries = []
    for number, what, k, r, packed, behaviour, sensor, truth in sorted(world.diary.pop(day, []) + todays):
        person = world.society.people[number]
        if what == RECORD:
            world.month.records[sensor][truth & 3] += 1
            entries += score_record(world, day, person, behaviour, sensor, truth)
        else:
            points = packed - 65536 if packed >= 32768 else packed
            entries += score_end(world, day, person, what, k, r, points)
    return entries


def score_end(world, day, person, what, k, r, points):
    """The end of some points, a counter's window or an override."""
    instrument, account = world.setting.instruments[k], person.accounts[k]
    rule = instrument.rules[r]
    before = account.score(instrument), account.standing
    if what == POINTS_EXPIRE:
        account.earn(-points)
    elif what == WINDOW_ENDS:
        account.counters[rule.counter] -= 1
    else:
        account.overrides[rule.nibble] -= 1
    account.renew(instrument)
    return [] if what == WINDOW_ENDS else [entered(person, day, what, instrument, rule, -points, before)]


def score_record(world, day, person, behaviour, sensor, truth):
    """A record, under every instrument that it reaches."""
    entries = []
    for k, table in enumerate(world.tables.instruments):
        rule = table.rule_of.get(behaviour)
        if table.reaches[sensor] and person.accounts[k].in_scope and rule is not None:
            entry = apply_rule(world, day, person, k, rule)
            entry.behaviour, entry.sensor = behaviour, sensor
            entry.kind, entry.doer = truth & 3, truth >> 2
            world.month.count_entry(entry, rule)
            entries.append(entry)
    return entries


def apply_rule(world, day, person, k, rule):
    """One record under one rule."""
    instrument, account = world.setting.instruments[k], person.accounts[k]
    before = account.score(instrument), account.standing
    remember = world.society.remember
    points, capped = rule.points, False
    if rule.counter is not None:
        c = account.counters[rule.counter]
        if rule.kind == "repeat":
            points *= min(rule.most, 1 + rule.step * c)
        elif c >= rule.most:
            points, capped = 0, True
        if c < 15 and not capped:
            account.counters[rule.counter] += 1
            remember(day + rule.window, person, WINDOW_ENDS, k, rule)
    account.earn(points)
    if points != 0 and rule.expires is not None:
        remember(day + rule.expires, person, POINTS_EXPIRE, k, rule, points)
    if rule.grade is not None and account.overrides[rule.nibble] < 15:
        account.overrides[rule.nibble] += 1
        remember(day + rule.term, person, OVERRIDE_ENDS, k, rule)
    if points < 0 or rule.grade is not None:
        account.marks |= 4
    if points > 0:
        account.marks |= 16
    account.renew(instrument)
    return entered(person, day, RECORD, instrument, rule, points, before)


def entered(person, day, what, instrument, rule, points, before):
    account = person.accounts[instrument.number]
    return Entry(
        person, day, what, instrument.number, rule.number, 0, 0, points,
        before[0], account.score(instrument), before[1], account.standing,
    )  # fmt: skip


# Section 10


def treat(world, applications):
    """What becomes of the applications."""
    outcomes = []
    for person, v in applications:
        outcome = Outcome(person, v, refused=False, days=0, percent=0, first=False)
        for table, account in zip(world.tables.instruments, person.accounts, strict=True):
            if not account.in_scope:
                continue
            g = account.standing
            if table.denies[v][g]:
                outcome.refused = True
                account.marks |= 2
            outcome.days = max(outcome.days, table.days[v][g])
            outcome.percent += table.percent[v][g]
            outcome.first = outcome.first or table.first[v][g]
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


# Section 11


def byte(x):
    return clamp(x, 0, 255)


def learn(world, day, acts, entries, outcomes):
    for each in acts:
        if world.setting.behaviours[each.behaviour].bad:
            learn_from_act(world, day, each)
    for entry in entries:
        if entry.what == RECORD:
            learn_from_entry(world, day, entry)
    for outcome in outcomes:
        learn_from_outcome(world, day, outcome)


def learn_from_act(world, day, each):
    learning = world.setting.coefficients["learning"]
    i, d = each.person, world.setting.behaviours[each.behaviour].domain
    x = 255 if each.caught else 0
    w = world.draw(LEARN, i.slot, 0, day)
    weight = q(4, learning["prior_weight"]) + 16 * i.experience + 16
    i.belief[d] = byte(i.belief[d] + sround((x - i.belief[d]) * 16, weight, w[0]))
    i.experience = min(i.experience + 1, int(learning["experience_most"]))
    g = q(16, learning["peer_weight"])
    for t, other in enumerate(world.ties.of(i)):
        if t % 8 == 0:
            w = world.draw(LEARN, i.slot, 1 + t // 8, day)
        h = half(w[(t % 8) >> 1], t & 1)
        other.belief[d] = byte(other.belief[d] + sround((x - other.belief[d]) * g, 65536, h << 16))


def learn_from_entry(world, day, entry):
    coefficients = world.setting.coefficients
    life, reward = coefficients["life"], coefficients["reward"]
    i, k = entry.person, entry.instrument
    domain = world.setting.behaviours[entry.behaviour].domain
    w = world.draw(LEARN, i.slot, 8 + k, day)
    if world.setting.instruments[k].notice:
        i.accounts[k].aware = True
        if w[3] < q(32, coefficients["awareness"]["household_tells"]):
            for other in i.home:
                if other.accounts[k].in_scope:
                    other.accounts[k].aware = True
    if entry.points < 0:
        i.opinion = byte(i.opinion - sround(q(16, 255 * life["opinion_loss"]), 65536, w[0]))
        if world.setting.sensors[entry.sensor].kind in ("collector", "tip_off"):
            i.trust = byte(i.trust - sround(q(16, 255 * life["report_distrust"]), 65536, w[1]))
        if w[2] < q(32, coefficients["learning"]["story_share"]):
            world.stories.append((i, domain))
    if entry.points > 0:
        i.opinion = byte(i.opinion + sround(q(16, 255 * life["opinion_gain"]), 65536, w[0]))
        floor = q(7, 1 - (reward.get("crowding_out") or {}).get(DOMAINS[domain], 0))
        if i.motive > floor and i.accounts[k].aware:
            i.motive = byte(i.motive + sround((floor - i.motive) * q(16, reward["crowding_speed"]), 65536, w[1]))


def learn_from_outcome(world, day, outcome):
    coefficients = world.setting.coefficients
    life = coefficients["life"]
    i, service = outcome.person, world.setting.services[outcome.service]
    w = world.draw(TREATED, i.slot, service.number, day)
    income_now = max(1, world.society.income_now(i))
    if outcome.refused:
        i.income = max(32, i.income - sround(q(16, 128 * service.refused_income), 65536, w[0]))
        i.hardship = byte(i.hardship + sround(q(16, 255 * service.refused_hardship), 65536, w[1]))
        i.opinion = byte(i.opinion - sround(q(16, 255 * life["opinion_loss"]), 65536, w[2]))
        return
    if outcome.days > 0:
        delay = q(16, 255 * coefficients["services"]["delay_hardship"]) * outcome.days
        i.hardship = byte(i.hardship + sround(delay, 65536, w[1]))
    if outcome.percent != 0:
        burden = q(0, service.price) * outcome.percent * 255 * 12
        i.hardship = byte(i.hardship + sround(burden, 100 * income_now, w[3]))
    if outcome.first:
        i.opinion = byte(i.opinion + sround(q(16, 255 * life["opinion_gain"]), 65536, w[2]))
