"""Section 14, what public bodies do monthly: owe, target, look, grade and answer, all of a district."""

from .body_files import ARREARS, FALSIFIED, IGNORING, MISSED
from .draws import LOOK, OWE, chance, clamp, q
from .firm_month import NOT_DONE, TRUE, UNABLE, Nobody, Record, serve
from .firm_rate import PENALISED
from .firm_tables import MOST, WHOLE

MOST_HELD = 200  # bills or judgments
WRONG_BODY = 1
NONE, ABLE, NOT_ABLE = range(3)  # what a body does of a behaviour
UNTIL_QUIET = 255


def live_a_month(draw, district, day, month, flows, targets):
    """`month` is its number; what is counted goes to `flows`, None for the past, when there are no targets either."""
    flows = Nobody() if flows is None else flows
    applications = owe(draw, district, day, flows)
    if targets:
        for body in district.bodies:
            if body.place is not None:
                target(district.tables, body, flows)
    records = look(draw, district, day, flows)
    grade(district, month % 12 + 1, records, flows)
    serve(district, applications, flows)


# What there is to lose


def stake(tables, body, b):
    """What the instruments would take, yuan."""
    total, x = 0, body.kind.number
    for table, account in zip(tables.instruments, body.accounts, strict=True):
        instrument, rule, worth = table.instrument, table.weighed[b], table.worth[x]
        if not account.in_scope or instrument.secret or rule is None:
            continue
        if instrument.is_list:
            now, then = worth[account.standing], worth[0]
        elif instrument.month is None:
            now = worth[account.standing]
            then = now if rule.assign is None else min(now, worth[rule.assign])
        else:
            s = instrument.start + account.points
            now, then = table.value(x, s), table.value(x, s + rule.points)
            if account.assigned < len(worth):
                now, then = min(now, worth[account.assigned]), min(then, worth[account.assigned])
            if rule.assign is not None:
                then = min(then, worth[rule.assign])
        total += (max(0, now - then) * table.duration[rule.number]) >> 8
    return total


def loss(tables, body, b):
    """L(b)."""
    return min(MOST, tables.fine[b] + stake(tables, body, b))


def held(tables, body, b, base, at_stake):
    gain = tables.gain[b]
    return base - (base * min(gain, (tables.risk[b][body.kind.number] * at_stake) >> 30)) // gain


# Owe


def owe(draw, district, day, flows):
    """The applications."""
    applications, tables = [], district.tables
    for body in district.bodies:
        w, v = draw(OWE, body.slot, 0, day), draw(OWE, body.slot, 1, day)
        pay(tables, body, v, flows)
        leave_unpaid(tables, body, w, flows)
        be_sued(tables, body, w, flows)
        body.doing = [doing(body.owed, body.stuck), doing(body.defied, body.beyond), NONE, NONE]
        for service in tables.setting.services:
            want = tables.want[service.number][body.kind.number]
            if chance(draw(OWE, body.slot, 2 + service.number, day)[0], want):
                flows.applied(body, service)
                applications.append((body, service))
    return applications


def doing(number, unable):
    """A_0 and A_1."""
    if number == 0:
        return NONE
    return NOT_ABLE if unable == number else ABLE


def pay(tables, body, v, flows):
    paid = (body.owed * tables.paid + (v[0] >> 2)) >> 30
    body.owed -= paid
    body.stuck = min(body.stuck, body.owed)
    performed = (body.defied * tables.performed + (v[1] >> 2)) >> 30
    body.defied -= performed
    body.beyond = min(body.beyond, body.defied)
    flows.settled(body, paid, performed)


def leave_unpaid(tables, body, w, flows):
    x, base = w[0] >> 2, tables.bill[body.kind.number][body.integrity]
    if x >= base or body.owed >= MOST_HELD:
        return
    if chance(w[1], tables.unable):
        body.owed += 1
        body.bills += 1
        body.stuck += 1
        flows.acted(body, ARREARS)
        flows.could_not(body, ARREARS)
    elif x < held(tables, body, ARREARS, base, loss(tables, body, ARREARS)):
        body.owed += 1
        body.bills += 1
        flows.acted(body, ARREARS)
    elif x < held(tables, body, ARREARS, base, tables.fine[ARREARS]):
        flows.deterred(body, ARREARS)


def be_sued(tables, body, w, flows):
    if body.owed == 0 or body.defied >= MOST_HELD or not chance(w[2], min(WHOLE, body.owed * tables.sued)):
        return
    flows.judged(body)
    unable = body.stuck == body.owed
    body.owed -= 1
    body.stuck = min(body.stuck, body.owed)
    y, base = w[3] >> 2, tables.ignore[body.integrity]
    if unable:
        body.defied += 1
        body.beyond += 1
        flows.acted(body, IGNORING)
        flows.could_not(body, IGNORING)
    elif y < held(tables, body, IGNORING, base, loss(tables, body, IGNORING)):
        body.defied += 1
        flows.acted(body, IGNORING)
    elif y < held(tables, body, IGNORING, base, tables.fine[IGNORING]):
        flows.deterred(body, IGNORING)


# Target


def target(tables, body, flows):
    """What is asked of a body of a neighbourhood, and what it will do about it in the month to come."""
    n, x = len(body.place.people), body.kind.number
    quotas = [
        q(0, table.instrument.quota * n / 1000)
        for table, account in zip(tables.instruments, body.accounts, strict=True)
        if account.in_scope
    ]
    asked = max(quotas, default=0)
    body.extra = body.forge = 0
    if asked > 0:
        if body.arrived < asked:
            body.doing[MISSED] = ABLE
            flows.acted(body, MISSED)
        lacking = max(0, asked - max(0, body.arrived - body.forged))
        g = (min(MOST, stake(tables, body, MISSED)) * tables.risk[MISSED][x]) >> 30
        c = (loss(tables, body, FALSIFIED) * tables.risk[FALSIFIED][x]) >> 30
        if g > 0:
            body.extra = (tables.effort * lacking) // asked
        share = (min(tables.scruple, max(0, g - c)) * 2**30) // tables.scruple
        made_up = (((lacking * share * 4) // 30) * tables.t[FALSIFIED][body.integrity]) >> 16
        body.forge = min((lacking * 2**32) // 30, made_up)
    if body.forged > 0:
        body.doing[FALSIFIED] = ABLE
        flows.acted(body, FALSIFIED, body.forged)
    flows.reported(body, body.arrived, body.looked, asked)
    body.arrived = body.forged = body.looked = 0


# Look


def look(draw, district, day, flows):
    """The records of the month."""
    tables, bodies, records = district.tables, district.bodies, []
    for body in bodies:
        recorded = set()
        for sensor in tables.setting.sensors:
            s, n = sensor.number, sensor.inspecting
            if n is not None:
                often = tables.ordinary[s][body.kind.number]
                if not chance(draw(LOOK, body.slot, n // 4, day)[n % 4], often):
                    continue
                flows.inspected(body, sensor)
            found = []
            for b in tables.sees[s]:
                if body.doing[b] != NONE and b not in recorded:
                    v = draw(LOOK, body.slot, 8 + 4 * s + b, day)
                    if chance(v[0], tables.seen[b][s]):
                        subject = body.number
                        if chance(v[1], q(30, sensor.wrong_body)):
                            subject = (v[2] * len(bodies)) >> 32
                        kind = WRONG_BODY if subject != body.number else true_kind(body, b)
                        found.append(Record(subject, b, s, kind, body.number))
            recorded |= {record.behaviour for record in found}
            if n is not None and not found:
                found = falsely_found(draw, tables, body, sensor, day)
                if not found:
                    flows.clean(body, sensor)
            records += found
    for record in records:
        flows.recorded(bodies[record.number], record)
    return sorted(records)


def true_kind(body, b):
    return UNABLE if body.doing[b] == NOT_ABLE else TRUE


def falsely_found(draw, tables, body, sensor, day):
    """What an inspection that has found nothing may write nevertheless: none or one record."""
    s, behaviours = sensor.number, tables.sees[sensor.number]
    v = draw(LOOK, body.slot, 80 + s, day)
    if not behaviours or not chance(v[0], q(30, sensor.false_finding)):
        return []
    b = behaviours[(v[1] * len(behaviours)) >> 32]
    if b in (MISSED, FALSIFIED) and body.place is None:
        return []
    return [Record(body.number, b, s, NOT_DONE if body.doing[b] == NONE else true_kind(body, b), body.number)]


# Grade


def grade(district, calendar_month, records, flows):
    tables, bodies = district.tables, district.bodies
    for table in tables.instruments:
        if table.instrument.is_list:
            for body in bodies:
                pass_a_month(body.accounts[table.instrument.number])
    for record in records:
        body = bodies[record.number]
        for table, account in zip(tables.instruments, body.accounts, strict=True):
            rule = table.instrument.rule_for(record.behaviour, record.sensor)
            if table.reaches[record.sensor] and account.in_scope and rule is not None:
                apply(table.instrument, account, rule)
                negative = rule.points < 0 or rule.assign is not None or table.instrument.is_list
                if negative:
                    account.marks |= PENALISED
                k = district.numbers[table.instrument.number]
                flows.entered(body, k, record.kind, negative, not negative and rule.points > 0)
    for table in tables.instruments:
        instrument = table.instrument
        if instrument.month == calendar_month:
            for body in bodies:
                account = body.accounts[instrument.number]
                if account.in_scope:
                    account.standing = min(instrument.grade(instrument.start + account.points), account.assigned)
                    account.points, account.assigned = 0, 255


def pass_a_month(account):
    """What a month makes of a listing."""
    if account.left > 0:
        account.left = 0 if account.left == UNTIL_QUIET else account.left - 1
        if account.left == 0:
            account.standing = 1


def apply(instrument, account, rule):
    """One record under one rule."""
    if instrument.is_list:
        account.standing = 0
        account.left = UNTIL_QUIET if rule.term is None else max(account.left, rule.term)
        return
    account.points = clamp(account.points + rule.points, -30000, 30000)
    if rule.assign is not None:
        account.assigned = min(account.assigned, rule.assign)
        account.standing = min(account.standing, rule.assign)
