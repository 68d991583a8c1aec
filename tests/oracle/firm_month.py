"""Section 13, what firms do monthly: trade, inspect and serve, all of a district."""

from dataclasses import dataclass

from .draws import INSPECT, TRADE, chance, q
from .firm_rate import REFUSED, contest, rate
from .firm_tables import MOST, WHOLE

TRUE, WRONG_FIRM, NOT_DONE, UNABLE = range(4)


@dataclass(slots=True, eq=False)
class Act:
    firm: object
    behaviour: int
    unable: bool


@dataclass(slots=True, order=True)
class Record:
    """The order of the fields is the order of the records."""

    number: int  # of the firm it is against, as believed
    behaviour: int
    sensor: int
    kind: int
    doer: int


def live_a_month(draw, district, day, month, flows):
    """`month` is its number; what is counted goes to `flows`, None for the past."""
    flows = Nobody() if flows is None else flows
    acts, applications = trade(draw, district, day, flows)
    records = inspect(draw, district, day, acts, flows)
    notices = rate(draw, district, day, month % 12 + 1, records, flows)
    contest(draw, district, day, notices, flows)
    serve(district, applications, flows)
    show(district, flows)


class Nobody:
    """Counts nothing."""

    def __getattr__(self, name):
        return lambda *_: None


# Trade


def trade(draw, district, day, flows):
    acts, applications = [], []
    tables = district.tables
    for firm in district.firms:
        w, firm.did = draw(TRADE, firm.slot, 0, day), None
        kind, base, x = occasion(tables, firm, w[0] >> 2)
        if kind is None:
            continue
        if kind in tables.setting.services:
            flows.applied(firm, kind)
            applications.append((firm, kind))
        elif not kind.bad:
            flows.acted(firm, kind)
            firm.did = kind.number
            acts.append(Act(firm, kind.number, unable=False))
        else:
            unable = x >= base or chance(w[1], tables.unable[kind.number])
            would, does = temptation(tables, firm, kind, base)
            if unable:
                flows.could_not(firm, kind)
                if x >= base:
                    flows.was_driven()
            elif does <= x < would:
                flows.deterred(firm, kind)
            elif would <= x < does:
                flows.let_off(firm, kind)
            if unable or x < does:
                flows.acted(firm, kind)
                firm.did = kind.number
                acts.append(Act(firm, kind.number, unable=unable))
    return acts, applications


def occasion(tables, firm, x):
    """The kind that a firm comes to, how likely that is but for what waiting brings, and what is left of x below it."""
    for kind, base in zip(tables.kinds, firm.base, strict=True):
        here = base + more(tables, firm, kind, base)
        if x < here:
            return kind, base, x
        x -= here
    return None, 0, 0


def more(tables, firm, kind, base):
    """The occasions without a choice that bills bring for which a firm waits."""
    if kind in tables.setting.services or not kind.bad:
        return 0
    return (((base * tables.unable[kind.number]) >> 30) * tables.strain * firm.waits) >> 8


def temptation(tables, firm, behaviour, base):
    """Of `base`, how much is done under ordinary law alone, and how much under the instruments, too."""
    b = behaviour.number
    gain, fine = tables.gain[b][firm.size], tables.fine[b][firm.size]

    def held(p, loss):
        return base - (base * min(gain, (p * loss) >> 30)) // gain

    loss = min(MOST, fine + stake(tables, firm, b))
    return held(risk(tables, firm, b, law_only=True), fine), held(risk(tables, firm, b, law_only=False), loss)


def inspection_rate(tables, firm, s, known_only=False):
    ordinary = tables.ordinary[s][firm.cell]
    shares = [
        table.share[s][account.standing]
        for table, account in zip(tables.instruments, firm.accounts, strict=True)
        if account.in_scope and not (known_only and table.instrument.secret)
    ]
    named = [share for share in shares if share is not None]
    return max(named) if named and ordinary > 0 else ordinary


def risk(tables, firm, b, law_only):
    """How likely an act is recorded, as far as the firm knows, Q30."""
    miss = WHOLE
    for sensor in tables.watching[b]:
        s, c = sensor.number, tables.seen[b][sensor.number]
        if sensor.inspecting is not None:
            rate = tables.ordinary[s][firm.cell] if law_only else inspection_rate(tables, firm, s, known_only=True)
            c = (rate * c) >> 30
        miss = (miss * (WHOLE - c)) >> 30
    return WHOLE - miss


def stake(tables, firm, b):
    """What the instruments would take, yuan."""
    total = 0
    for table, account in zip(tables.instruments, firm.accounts, strict=True):
        instrument, rule = table.instrument, table.weighed[b]
        if not account.in_scope or instrument.secret or rule is None:
            continue
        assign = len(instrument.grades) if rule.assign is None else rule.assign
        if instrument.is_list:
            now, then = account.standing, 0
        elif instrument.month is None:
            now, then = account.standing, min(account.standing, assign)
        else:
            s = instrument.start + account.points
            now = min(instrument.grade(s, firm.newcomer), account.assigned)
            then = min(instrument.grade(s + rule.points, firm.newcomer), account.assigned, assign)
        worth = table.worth[firm.cell]
        total += (max(0, worth[now] - worth[then]) * table.duration[rule.number]) >> 8
    return total


# Inspect


def inspect(draw, district, day, acts, flows):
    tables, firms = district.tables, district.firms
    sensors = tables.setting.sensors
    inspected = set()
    for firm in firms:
        for sensor in sensors:
            if sensor.inspecting is not None:
                n = sensor.inspecting
                if chance(draw(INSPECT, firm.slot, n // 4, day)[n % 4], inspection_rate(tables, firm, sensor.number)):
                    inspected.add((firm.number, sensor.number))
                    flows.inspected(firm, sensor)
    records, found = [], set()
    for act in acts:
        firm, b = act.firm, act.behaviour
        for sensor in tables.watching[b]:
            s = sensor.number
            if sensor.inspecting is None or (firm.number, s) in inspected:
                v = draw(INSPECT, firm.slot, 8 + s, day)
                if chance(v[0], tables.seen[b][s]):
                    subject = firm.number
                    if chance(v[1], q(30, sensor.wrong_firm)):
                        subject = (v[2] * len(firms)) >> 32
                    kind = WRONG_FIRM if subject != firm.number else UNABLE if act.unable else TRUE
                    records.append(Record(subject, b, s, kind, firm.number))
                    found.add((firm.number, s))
                    break
    for j, s in sorted(inspected - found):
        behaviour = falsely_found(draw, tables, firms[j], s, day)
        if behaviour is not None:
            records.append(Record(j, behaviour, s, NOT_DONE, j))
        else:
            flows.clean(firms[j], sensors[s])
            records.append(Record(j, tables.clean, s, TRUE, j))
    for sensor in sensors:
        if sensor.favours is not None:
            for firm in firms:
                if firm.connected:
                    v = draw(INSPECT, firm.slot, 136 + sensor.number, day)
                    if chance(v[0], q(30, sensor.favour)):
                        records.append(Record(firm.number, sensor.favours, sensor.number, NOT_DONE, firm.number))
    for record in records:
        if record.behaviour != tables.clean:
            flows.recorded(firms[record.number], record)
    return sorted(records)


def falsely_found(draw, tables, firm, s, day):
    """What an inspector who has found nothing writes down nevertheless, or None."""
    sensor, bad = tables.setting.sensors[s], tables.bad_seen[s]
    v = draw(INSPECT, firm.slot, 72 + s, day)
    if not bad or not chance(v[0], q(30, sensor.false_finding)):
        return None
    behaviour = bad[(v[1] * len(bad)) >> 32]
    return behaviour.number if tables.rate[tables.kinds.index(behaviour)][firm.cell] > 0 else None


# Serve


def serve(district, applications, flows):
    for firm, service in applications:
        v, days, percent, first, refused = service.number, 0, 0, False, False
        for table, account in zip(district.tables.instruments, firm.accounts, strict=True):
            if account.in_scope:
                g = account.standing
                if table.denies[v][g]:
                    refused = True
                    account.marks |= REFUSED
                days = max(days, table.days[v][g])
                percent += table.percent[v][g]
                first = first or table.first[v][g]
        if refused:
            days, percent, first = 0, 0, False
        flows.served(firm, service, [refused, days > 0, percent > 0, percent < 0, first and days == 0])


# What being shown costs


def show(district, flows):
    """Who stands at a grade that is public, and how much custom that costs."""
    for table in district.tables.instruments:
        instrument = table.instrument
        for firm in district.firms:
            account = firm.accounts[instrument.number]
            if account.in_scope and account.standing in instrument.shown:
                flows.shown(firm, district.numbers[instrument.number], table.lost[firm.size])
