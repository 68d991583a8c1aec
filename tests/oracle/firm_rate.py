"""Section 13, what is entered of firms, and what they make of it: rate and contest, all of a district."""

from dataclasses import dataclass

from .draws import CONTEST, RATE, chance, clamp, q

WRONGED, MISTAKEN = (1, 2, 3), (1, 2)  # kinds of truth: those that feel wronged, and those who had not done it
IN_SCOPE, REFUSED, PENALISED = 1, 2, 4
UNTIL_PERFORMANCE = 255
NONE = 255  # no grade is assigned
LISTED, CLEAR = 0, 1


@dataclass(slots=True, eq=False)
class Held:
    """What is held of a firm under one of its instruments."""

    standing: int
    points: int = 0
    assigned: int = NONE
    left: int = 0  # months of a listing, 255 until performance
    opens: int = 0  # months left from which on repair is open

    def become(self, other):
        for name in Held.__slots__:
            setattr(self, name, getattr(other, name))


@dataclass(slots=True, eq=False)
class Account(Held):
    """A firm under one of its instruments."""

    in_scope: bool = True
    marks: int = 0
    open: int = 0  # months until its appeal is decided
    won: bool = False  # how it will be
    clear: Held | None = None  # what it would be without the entry that is contested


@dataclass(slots=True, eq=False)
class Notice:
    firm: object
    k: int
    kind: int  # of the record


def rate(draw, district, day, calendar_month, records, flows):
    """Returns the notices of the month."""
    for table in district.tables.instruments:
        if table.instrument.is_list:
            pass_a_month(draw, district, table.instrument, day, flows)
    for table in district.tables.instruments:
        decide(district, table.instrument)
    notices, noted = [], set()
    for record in records:
        firm = district.firms[record.number]
        for table, account in zip(district.tables.instruments, firm.accounts, strict=True):
            instrument, k = table.instrument, table.instrument.number
            rule = instrument.rule_for(record.behaviour, record.sensor)
            if not table.reaches[record.sensor] or not account.in_scope or rule is None:
                continue
            negative = rule.points < 0 or rule.assign is not None or instrument.is_list
            is_notice = negative and instrument.notice and (firm.number, k) not in noted
            if is_notice:
                noted.add((firm.number, k))
                notices.append(Notice(firm, k, record.kind))
            if instrument.contestable:
                if is_notice and account.open == 0:
                    account.clear = Held(account.standing)
                    account.clear.become(account)
                elif account.open > 0 or (firm.number, k) in noted:
                    apply(draw, firm, instrument, account.clear, rule, day)
            lifted = apply(draw, firm, instrument, account, rule, day)
            if negative:
                account.marks |= PENALISED
            positive = not negative and (rule.points > 0 or lifted)
            flows.entered(firm, district.numbers[k], record.kind, negative, positive)
    for table in district.tables.instruments:
        if table.instrument.month == calendar_month:
            for firm in district.firms:
                account = firm.accounts[table.instrument.number]
                if account.in_scope:
                    give(firm, table.instrument, account)
                    if account.clear is not None:
                        give(firm, table.instrument, account.clear)
    return notices


def pass_a_month(draw, district, instrument, day, flows):
    """What a month makes of the listings under a list."""
    performs, repair = q(30, district.tables.setting.life["performs"]), q(30, instrument.repair or 0)
    for firm in district.firms:
        account = firm.accounts[instrument.number]
        if account.in_scope:
            performed = chance(draw(RATE, firm.slot, 16, day)[0], performs)
            let_off = chance(draw(RATE, firm.slot, 17, day)[0], repair)
            if live_on(account, performed, let_off):
                flows.repaired(firm, district.numbers[instrument.number])
            if account.open > 0:
                live_on(account.clear, performed, let_off)


def live_on(held, performed, let_off):
    """A month of a listing; returns whether it was repaired."""
    if held.left == 0:
        return False
    repaired = False
    if held.left < UNTIL_PERFORMANCE:
        held.left -= 1
        repaired = let_off and 0 < held.left <= held.opens
    if repaired or (held.left == UNTIL_PERFORMANCE and performed):
        held.left = 0
    if held.left == 0:
        held.standing, held.opens = CLEAR, 0
    return repaired


def decide(district, instrument):
    """The appeals that have run their months."""
    for firm in district.firms:
        account = firm.accounts[instrument.number]
        if account.open > 0:
            account.open -= 1
            if account.open == 0 and account.won:
                account.become(account.clear)


def apply(draw, firm, instrument, held, rule, day):
    """One record under one rule; returns whether it lifted the firm."""
    if instrument.is_list:
        held.standing = LISTED
        term = UNTIL_PERFORMANCE if rule.term is None else rule.term
        if term > held.left:
            held.left, held.opens = term, 0 if rule.least is None else term - rule.least
        return False
    held.points = clamp(held.points + rule.points, -30000, 30000)
    if rule.assign is not None:
        held.assigned = min(held.assigned, rule.assign)
        held.standing = min(held.standing, rule.assign)
    if rule.lift is not None:
        low, high, share = rule.lift
        if held.standing == low and chance(draw(RATE, firm.slot, instrument.number, day)[0], q(30, share)):
            held.standing, held.assigned = high, NONE
            return True
    return False


def give(firm, instrument, held):
    """The rating of the year."""
    held.standing = min(instrument.grade(instrument.start + held.points, firm.newcomer), held.assigned)
    held.points, held.assigned = 0, NONE


def contest(draw, district, day, notices, flows):
    """Who is told of an entry may appeal, one entry at a time."""
    life = district.tables.setting.life
    for notice in notices:
        firm, k = notice.firm, notice.k
        instrument, account = district.tables.instruments[k].instrument, firm.accounts[k]
        w = draw(CONTEST, firm.slot, k, day)
        if not chance(w[0], q(30, life["told"])):
            continue
        flows.told(firm, district.numbers[k])
        appeals = life["appeals_wronged" if notice.kind in WRONGED else "appeals_other"]
        if instrument.appeal is not None and account.open == 0 and chance(w[1], q(30, appeals)):
            terms, mistaken = instrument.appeal, notice.kind in MISTAKEN
            account.open = terms.months
            account.won = chance(w[2], q(30, terms.upheld_wrong if mistaken else terms.upheld_other))
            flows.appealed(firm, district.numbers[k], account.won, mistaken)
