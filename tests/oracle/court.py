"""Section 8b: the court, from the suit to the end of a listing; and section 6, what lies before it on day 0."""

from .agenda import DEADLINE, DECISION, EXIT, JUDGMENT, RECORD, REVIEW, Item
from .draws import COURT, PAST, SUIT, q
from .stakes import in_incomes, relief, stake
from .tables import STALE, TRUE, UNABLE, WRONG_PERSON

# The steps, in the order in which they are counted.
JUDGED, COULD_NOT, PERFORMED, DETERRED, WOULD_NOT, ENFORCED, PERFORMED_LATE = range(7)
SETTLED, BROKE_ORDER, BROKE_SETTLEMENT, EXITS, STALE_EXITS = range(7, 12)
STEPS = 12
SETTLEMENT_STANDS = 1  # in a review, where other items have points; else 0


class Court:
    def __init__(self, world):
        self.world, self.setting, self.tables, self.draw = world, world.setting, world.tables, world.draw
        self.diary = world.diary
        self.rates = world.setting.coefficients.get("courts")
        if self.rates is None:
            return
        behaviours = {behaviour.name: behaviour for behaviour in self.setting.behaviours}
        self.ignoring = behaviours["ignoring_judgment"]
        self.unfulfilled = behaviours["unfulfilled_judgment"]
        self.breaking_order = behaviours["breaking_spending_order"]
        self.breaking_settlement = behaviours["breaking_settlement"]
        self.sensor = next(sensor.number for sensor in self.setting.sensors if sensor.name == "court")

    def days(self, name):
        return int(self.rates[name])

    def share(self, name):
        return q(32, self.rates[name])

    def grace(self, person):
        """Days from the application to the decision, where somebody lives."""
        return int(person.region.courts["grace"])

    def mistaken(self, taken_for, person):
        """How often somebody who is not so is taken for able or unable where they live, Q32."""
        return q(32, person.region.courts[f"mistaken_{taken_for}"])

    def unable(self, person):
        """UN: how likely it is that somebody cannot pay, Q32."""
        return (self.share("unable_at_full_hardship") * person.hardship) // 255

    # What makes cases

    def stock(self):
        """The reviews of those who are on a list from the start."""
        suable = [behaviour for behaviour in self.setting.behaviours if behaviour.suit is not None]
        if self.rates is None or not suable:
            return
        for person in self.world.society.people:
            if person.in_stock:
                w = self.draw(PAST, person.slot, 63, 0)
                kind = UNABLE if w[2] < self.unable(person) else TRUE
                day = 1 + ((w[1] * self.days("review")) >> 32)
                truth = person.local << 4 | kind
                self.diary.add(day, Item(person.number, REVIEW, behaviour=suable[0].number, truth=truth))

    def under_way(self):
        """The cases over acts of the time before, at most one a person."""
        if self.rates is None:
            return
        suits = [(each.number, q(32, each.suit) >> 16) for each in self.setting.behaviours if each.suit is not None]
        for person in self.world.society.people:
            span = self.days("suit_longest") + self.days("deadline") + self.grace(person)
            bounds, total = [], 0
            for b, suit in suits:
                total += ((person.base[b] * suit) >> 16) * span
                bounds.append((total, b))
            total = min(total, 2**32 - 1)
            w = self.draw(PAST, person.slot, 62, 0)
            if w[0] < total:
                behaviour = next(b for bound, b in bounds if bound > (w[1] * total) >> 32)
                self.resume(person, behaviour, (w[2] * span) >> 32, w[3])

    def resume(self, person, behaviour, ago, word):
        """Put a case on the docket at the step it has come to, so many days after the act."""
        judgment = self.to_judgment(word)
        deadline = judgment + self.days("deadline")
        decision = deadline + self.grace(person)
        case = Item(person.number, JUDGMENT, behaviour=behaviour, truth=person.local << 4 | TRUE)
        if ago < judgment:
            self.diary.add(judgment - ago, case)
        elif ago < deadline:
            self.diary.add(deadline - ago, case._replace(what=DEADLINE))
        elif ago < decision:
            v = self.draw(PAST, person.slot, 61, 0)
            unable = v[0] < self.unable(person)
            if (unable or v[1] < self.unafraid(person)) and v[2] < self.share("applies"):
                kind = UNABLE if unable else TRUE
                self.diary.add(decision - ago, case._replace(what=DECISION, truth=person.local << 4 | kind))

    def to_judgment(self, word):
        """Days from an act to the judgment over it."""
        shortest, longest = self.days("suit_shortest"), self.days("suit_longest")
        return shortest + ((word * (longest - shortest + 1)) >> 32)

    def sue(self, day, acts):
        if self.rates is None:
            return
        for each in acts:
            suit = self.setting.behaviours[each.behaviour].suit
            if suit is None:
                continue
            doer = each.person
            w = self.draw(SUIT, doer.slot, 0, day)
            if w[0] < q(32, suit):
                sued = doer
                if w[2] < self.share("mismatch"):
                    neighbours = self.world.society.neighbourhoods[doer.h].people
                    sued = neighbours[(w[3] * len(neighbours)) >> 32]
                kind = TRUE if sued is doer else WRONG_PERSON
                case = Item(sued.number, JUDGMENT, behaviour=each.behaviour, truth=doer.local << 4 | kind)
                self.diary.add(day + self.to_judgment(w[1]), case)

    # What becomes of them

    def sit(self, day):
        """Work through the cases of the day; records that are due today go to today's page of the diary."""
        steps = {JUDGMENT: self.judge, DEADLINE: self.deadline, DECISION: self.decide, REVIEW: self.review}
        for case in self.diary.cases(day):
            steps[case.what](day, case, self.world.society.people[case.number])

    def count(self, name):
        self.world.month.courts[name] += 1

    def record(self, day, case, behaviour):
        self.diary.add(day, case._replace(what=RECORD, behaviour=behaviour, sensor=self.sensor))

    def judge(self, day, case, _person):
        self.count(JUDGED)
        self.record(day, case, case.behaviour)
        self.diary.add(day + self.days("deadline"), case._replace(what=DEADLINE))

    def deadline(self, day, case, person):
        w = self.draw(COURT, person.slot, 0, day)
        if case.kind == TRUE:
            if w[0] < self.unable(person):
                self.count(COULD_NOT)
                case = case._replace(truth=case.doer << 4 | UNABLE)
            else:
                unafraid, afraid = self.evasion(person)
                if w[1] >= afraid:
                    self.count(PERFORMED)
                    if w[1] < unafraid:
                        self.count(DETERRED)
                    return
                self.count(WOULD_NOT)
        if w[3] < self.share("applies"):
            self.diary.add(day + self.grace(person), case._replace(what=DECISION))

    def evasion(self, person):
        """How likely somebody who could pay is not to, without and with what the schemes threaten, Q32."""
        unafraid = self.unafraid(person)
        return unafraid, self.afraid(person, self.ignoring, unafraid)

    def unafraid(self, person):
        """e0: how likely somebody who could pay is not to, when nothing threatens, Q32."""
        return self.tempted(person, self.ignoring, "evasion")

    def tempted(self, person, behaviour, name):
        """How likely somebody of such traits is to do it, when nothing threatens, Q32."""
        return min(2**32, (self.share(name) * self.tables.t[behaviour.number][person.traits[behaviour.trait]]) >> 16)

    def afraid(self, person, behaviour, tempted):
        """What is left of that, with what the schemes threaten, Q32."""
        loss = in_incomes(self.world, person, stake(self.world, person, behaviour))
        p, p_law = person.belief[behaviour.domain] * 257, person.tables.p_law[behaviour.domain]
        return (tempted * self.tables.deterrence(p, p_law, loss)) >> 16

    def enters(self, behaviour):
        """How likely it is that the court enters what it has found, Q32."""
        return q(32, self.setting.sensors[self.sensor].sees.get(behaviour.name, 0))

    def decide(self, day, case, person):
        self.count(ENFORCED)
        w = self.draw(COURT, person.slot, 1, day)
        if w[1] < self.enters(self.unfulfilled):
            self.record(day, case, self.unfulfilled.number)
        if case.kind == UNABLE:
            found_able = w[0] < self.mistaken("able", person)
        else:
            found_able = w[0] >= self.mistaken("unable", person)
        if found_able and w[2] < self.enters(self.ignoring):
            self.record(day, case, self.ignoring.number)
        if case.kind != WRONG_PERSON:
            self.diary.add(day + self.days("review"), case._replace(what=REVIEW))

    def review(self, day, case, person):
        w = self.draw(COURT, person.slot, 2, day)
        pressed = in_incomes(self.world, person, relief(self.world, person))
        performs = min(2**32, self.share("performs") + ((self.share("pressure") * pressed) >> 12))
        able = w[0] >= self.unable(person)
        if able and w[1] < performs:
            self.count(PERFORMED_LATE)
            late = w[2] < self.share("late_removal")
            due = day + self.days("removal") + (self.days("late_days") if late else 0)
            self.diary.add(due, Item(person.number, EXIT, truth=STALE if late else TRUE))
        else:
            v = self.draw(COURT, person.slot, 3, day)
            if under_order(person):
                self.obey(day, person, v)
            stands = self.settle(day, case, person, able, v)
            self.diary.add(day + self.days("review"), case._replace(packed=stands))

    def obey(self, day, person, v):
        """Whether somebody keeps to the order they are under."""
        o = self.breaking_order
        if v[0] < self.afraid(person, o, self.tempted(person, o, "breaks_order")):
            self.count(BROKE_ORDER)
            if v[1] < self.enters(o):
                self.find(day, person, o, TRUE)

    def settle(self, day, case, person, able, v):
        """What becomes of a settlement, or whether one is made; returns whether one stands from now on."""
        if case.packed != SETTLEMENT_STANDS:
            settled = v[2] < self.share("settles")
            if settled:
                self.count(SETTLED)
            return SETTLEMENT_STANDS if settled else 0
        if able:
            self.count(BROKE_SETTLEMENT)
        if v[2] < self.enters(self.breaking_settlement):
            if able:
                self.find(day, person, self.breaking_settlement, TRUE)
            elif v[3] < self.mistaken("able", person):
                self.find(day, person, self.breaking_settlement, UNABLE)
        return 0

    def find(self, day, person, behaviour, kind):
        """Enter what the debtor did, or could not help, since the last review."""
        truth = person.local << 4 | kind
        self.diary.add(day, Item(person.number, RECORD, behaviour=behaviour.number, sensor=self.sensor, truth=truth))


def under_order(person):
    """Whether somebody is held by what says that it is an order."""
    return any(
        table.instrument.spending_order and account.in_scope and max(account.overrides) > 0
        for table, account in zip(person.tables.instruments, person.accounts, strict=True)
    )
