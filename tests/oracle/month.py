"""Sections 11 and 12: what happens at a month's end, and what is counted."""

from .court import STEPS
from .draws import EXCHANGE, LIVE, byte, clamp, half, q, sround
from .files import CHANNELS
from .publicity import hear, praise_heard, publish, pull, standing_on
from .reckon import rank, reckon
from .score import Scoring

CELLS = 640
MADE, UPHELD, UPHELD_WRONG = 0, 1, 2  # of appeals


class Month:
    """The counts of one month."""

    def __init__(self, setting):
        kinds = len(setting.behaviours) + len(setting.services)
        instruments, sensors, services = setting.instruments, setting.sensors, setting.services
        self.acts = [0] * kinds
        self.silenced = [0] * kinds
        self.for_points = [0] * kinds
        self.records = [[0] * 7 for _ in sensors]  # by kind of truth
        self.entries = [[0] * 4 for _ in instruments]
        self.wrongful = [[0] * 7 for _ in instruments]  # negative entries by kind
        self.points = [[0] * 2 for _ in instruments]
        self.shared = [[0] * 2 for _ in instruments]  # negative, positive
        self.courts = [0] * STEPS
        self.repairs = [[[0] * 9 for _ in instruments] for _ in range(CELLS)]
        self.appeals = [[0] * 3 for _ in instruments]
        self.outcomes = [[0] * 5 for _ in services]
        self.people = self.income = self.hardship = self.trust = self.opinion = self.motive = 0
        self.belief = [0] * 4
        self.private_support = self.public_support = 0
        self.in_scope = [0] * len(instruments)
        self.grades = [[0] * len(instrument.bands) for instrument in instruments]
        self.score = [0] * len(instruments)
        self.aware = [0] * len(instruments)
        self.marks = [[0] * 4 for _ in instruments]
        self.audience = [[0] * len(CHANNELS) for _ in range(CELLS)]
        self.ties_lost = [0] * CELLS
        self.on_channel = [[0] * len(CHANNELS) for _ in range(CELLS)]
        self.ties = [0] * CELLS

    def count_entry(self, entry, rule):
        """A ledger entry of a record."""
        tally, points = self.entries[entry.number], self.points[entry.number]
        negative = entry.points < 0 or (rule.grade is not None and entry.points == 0)
        positive = entry.points > 0
        wrongful = entry.kind > 0
        self.wrongful[entry.number][entry.kind] += negative
        tally[0] += negative
        tally[1] += positive
        tally[2] += negative and wrongful
        tally[3] += positive and wrongful
        points[0] += max(0, -entry.points)
        points[1] += max(0, entry.points)


def end_month(world, day):
    scoring = Scoring(world, day)
    if world.firms:
        world.firms.live(day)
    if world.bodies:
        world.bodies.live(day)
    reckon(world, scoring, day)
    if world.firms:
        world.firms.end_month(scoring)
    if world.bodies:
        world.bodies.end_month(scoring)
    publish(world)
    hear(world, day)
    exchange(world, day)
    for person in world.society.people:
        live(world, day, person)
    rank(world, scoring, day)
    for place in world.society.neighbourhoods:
        place.shown = [0] * len(place.shown)
        place.acts = [0] * len(place.acts)
    snapshot(world)
    return scoring.entries


def exchange(world, day):
    coefficients, people = world.setting.coefficients, world.society.people
    far_weight = q(16, coefficients["learning"]["far_weight"])
    told = [(world.ties.acquaintance(source), source, domain) for source, domain in world.stories]
    told = [(target.number, source.number, domain) for target, source, domain in told if target is not None]
    for target, source, domain in sorted(told):
        belief = people[target].belief
        w = world.draw(EXCHANGE, people[source].slot, domain, day)
        belief[domain] = byte(belief[domain] + sround((255 - belief[domain]) * far_weight, 65536, w[0]))
    world.stories = []

    reach = q(32, coefficients["awareness"]["news_reach"])
    public = q(32, coefficients["publicity"]["publicity_reach"])
    world.news = []
    for k in range(len(world.setting.instruments)):
        held = [person.accounts[person.region.numbers.index(k)] for person in people if k in person.region.numbers]
        aware, in_scope = sum(account.aware for account in held), sum(account.in_scope for account in held)
        talk = (reach * ((aware * 65536) // max(1, in_scope))) >> 16
        world.news.append(
            [min(2**32, talk + public * min(sum(place.shown), 20) // 20) for place in world.society.neighbourhoods]
        )

    least, most = q(8, coefficients["peers"]["peers_least"]), q(8, coefficients["peers"]["peers_most"])
    days = day - world.last_exchange
    world.last_exchange = day
    for place in world.society.neighbourhoods:
        for behaviour in world.setting.behaviours:
            b = behaviour.number
            if behaviour.peers == 0:
                continue
            expected = sum(person.base[b] for person in place.people) * days
            ratio = clamp(((place.acts[b] + 10) * 256 * 2**32) // (expected + 10 * 2**32), 0, 1024)
            place.peers[b] = clamp(256 + ((q(8, behaviour.peers) * (ratio - 256)) >> 8), least, most)


def live(world, day, person):
    coefficients, tables = world.setting.coefficients, person.tables
    life, shown = coefficients["life"], world.society.neighbourhoods[person.h].shown
    w = world.draw(LIVE, person.slot, 0, day)
    w2 = world.draw(LIVE, person.slot, 1, day)
    on, praised = (len(channels) for channels in standing_on(world, person))

    step = sround((128 - person.income) * q(16, life["income_return"]), 65536, w[0])
    person.income = max(32, byte(person.income + step))

    target = world.society.hardship_target(person)
    step = sround((target - person.hardship) * q(16, life["hardship_return"]), 65536, w[1])
    person.hardship = byte(person.hardship + step)

    drift = (tables.trust_base(person.urban) - person.trust) * q(16, life["trust_return"])
    drift -= on * q(16, 255 * life["shown_distrust"])
    person.trust = byte(person.trust + sround(drift, 65536, w[2]))

    drift = (tables.opinion_base(person) - person.opinion) * q(16, life["opinion_return"])
    drift -= on * q(16, 255 * life["opinion_loss"])
    drift += praised * q(16, 255 * life["opinion_gain"]) + praise_heard(coefficients["publicity"], person, shown)
    person.opinion = byte(person.opinion + sround(drift, 65536, w[3]))

    step = sround((128 - person.motive) * q(16, life["motive_return"]), 65536, w2[0])
    person.motive = byte(person.motive + step)

    weight = pull(coefficients["publicity"], person, shown)
    for d in range(4):
        h = half(w2[1 + (d >> 1)], d & 1)
        person.belief[d] = byte(person.belief[d] + sround((255 - person.belief[d]) * weight, 65536, h << 16))

    for k, account in enumerate(person.accounts):
        if account.in_scope and not account.aware:
            account.aware = (
                world.draw(LIVE, person.slot, 2 + k, day)[0] < world.news[person.region.numbers[k]][person.h]
            )


def snapshot(world):
    """Who they are at the month's end."""
    month = world.month
    conformity = q(8, world.setting.coefficients["life"]["conformity"])
    for person in world.society.people:
        month.people += 1
        for channels in standing_on(world, person):
            for c in channels:
                month.on_channel[person.group_cell][c] += 1
        month.ties[person.group_cell] += len(world.ties.beyond(person))
        for d in range(4):
            month.belief[d] += person.belief[d]
        month.income += world.society.income_now(person)
        month.hardship += person.hardship
        month.trust += person.trust
        month.opinion += person.opinion
        month.motive += person.motive
        month.private_support += person.opinion >= 128
        month.public_support += person.opinion + ((conformity * person.belief[0]) >> 8) >= 128
        for k, instrument, account in zip(person.region.numbers, person.instruments, person.accounts, strict=True):
            if account.in_scope:
                month.in_scope[k] += 1
                month.grades[k][account.standing] += 1
                month.score[k] += account.score(instrument)
                month.aware[k] += account.aware
                for number, mark in enumerate((2, 4, 8, 16)):
                    month.marks[k][number] += account.marks & mark != 0
