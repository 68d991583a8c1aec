"""Section 14, daily: what bodies under pressure have their collectors see, and what they make up."""

from .agenda import RECORD, Item
from .draws import PRESS
from .tables import NOT_DONE, STALE, TRUE, band

MOST_ARRIVED = 65535


def press(world, day, acts, todays):
    """Between observe and score; what is written is due on later days."""
    for district, people in zip(world.bodies.districts, world.society.districts, strict=True):
        if district.bodies:
            Press(world, day, people[0].region, district).work(acts, todays)


class Press:
    """One day of a district."""

    def __init__(self, world, day, region, district):
        self.world, self.day, self.draw, self.setting = world, day, world.draw, region.setting
        self.tables = region.tables
        name = district.tables.setting.reports_by
        self.sensor = next(sensor for sensor in self.setting.sensors if sensor.name == name)
        self.bodies = {body.place.number: body for body in district.bodies if body.place is not None}
        self.numbers = {behaviour.name: behaviour for behaviour in self.setting.behaviours}

    def work(self, acts, todays):
        self.receive([*self.world.diary.days.get(self.day, []), *todays])
        for act in acts:
            if act.person.h in self.bodies:
                self.look(act, self.bodies[act.person.h])
        for h, body in self.bodies.items():
            if body.forge > 0:
                self.make_up(h, body)

    def receive(self, agenda):
        """Count what comes in from a neighbourhood, true or not."""
        for item in agenda:
            h = self.world.society.people[item.number].h
            if h in self.bodies and item.what == RECORD and item.sensor == self.sensor.number:
                body = self.bodies[h]
                if self.setting.behaviours[item.behaviour].bad:
                    body.arrived = min(MOST_ARRIVED, body.arrived + 1)

    def look(self, act, body):
        """A second look at what was done in the neighbourhood."""
        b, doer = act.behaviour, act.person
        sensors = self.tables.sensors_of[b]
        if body.extra == 0 or act.caught or not self.setting.behaviours[b].bad or self.sensor not in sensors:
            return
        w = self.draw(PRESS, doer.slot, 0, self.day)
        if w[0] < (self.tables.seen[b][sensors.index(self.sensor)][15] * body.extra) >> 30:
            act.caught = True
            delay = self.delay(w)
            kind = STALE if delay > self.tables.stale_after else TRUE
            self.write(doer, b, delay, doer.local << 4 | kind)
            body.looked += 1

    def make_up(self, h, body):
        """Reports of what nobody did."""
        n = len(body.place.people)
        bad = [self.numbers[name] for name in self.sensor.sees if self.numbers[name].bad]
        w = self.draw(PRESS, h, 1, self.day)
        for e in range(min(15, (body.forge + w[0]) >> 32)):
            w = self.draw(PRESS, h, 2 + e, self.day)
            victim, behaviour = body.place.people[(w[0] * n) >> 32], bad[(w[1] * len(bad)) >> 32]
            if band(victim.age) >= 2 and victim.has(behaviour.requires):
                self.write(victim, behaviour.number, self.delay(w), NOT_DONE)
                body.forged += 1

    def delay(self, w):
        shortest, longest = self.sensor.shortest, self.sensor.longest
        return max(1, shortest + ((w[3] * (longest - shortest + 1)) >> 32))

    def write(self, subject, behaviour, delay, truth):
        item = Item(subject.number, RECORD, behaviour=behaviour, sensor=self.sensor.number, truth=truth)
        self.world.diary.add(self.day + delay, item)
