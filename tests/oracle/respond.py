"""Section 11, daily: appeal, and learn from acts, entries and outcomes."""

from .agenda import CORRECTION, RECORD, SHARED
from .draws import APPEAL, LEARN, TREATED, byte, half, q, sround
from .files import DOMAINS
from .month import MADE, UPHELD, UPHELD_WRONG
from .tables import NOT_DONE, UNABLE, WRONG_PERSON


def appeal(world, day, entries):
    """Some of those who have notice of an entry against them appeal; what is upheld is corrected later."""
    rates = world.setting.coefficients.get("appeals")
    for entry in entries:
        instrument = entry.person.instruments[entry.instrument]
        if rates is None or entry.what != RECORD or not instrument.notice or instrument.appeal is None:
            continue
        rule = instrument.rules[entry.rule]
        if entry.points >= 0 and rule.grade is None:
            continue
        i, terms, tally = entry.person, instrument.appeal, world.month.appeals[entry.number]
        w = world.draw(APPEAL, i.slot, instrument.number, day)
        wronged = entry.kind in (WRONG_PERSON, NOT_DONE, UNABLE)
        if w[0] < q(32, rates["appeals_wronged" if wronged else "appeals_other"]):
            tally[MADE] += 1
            mistaken = entry.kind in (WRONG_PERSON, NOT_DONE)
            if w[1] < q(32, terms.upheld_wrong if mistaken else terms.upheld_other):
                tally[UPHELD] += 1
                entry.upheld = True
                tally[UPHELD_WRONG] += mistaken
                world.diary.end(day + terms.days, i, CORRECTION, instrument.number, rule, entry.points)


def learn(world, day, acts, entries, outcomes):
    for each in acts:
        if world.setting.behaviours[each.behaviour].bad:
            learn_from_act(world, day, each)
    for entry in entries:
        if entry.what == RECORD:
            learn_from_entry(world, day, entry)
        elif entry.what == SHARED and entry.points < 0:
            resent(world, day, entry)
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
    read = q(32, coefficients["awareness"]["notice_read"])
    if i.instruments[k].notice and w[3] < read:
        i.accounts[k].aware = True
        if w[3] < (read * (q(32, coefficients["awareness"]["household_tells"]) >> 16)) >> 16:
            for other in i.home:
                if other.accounts[k].in_scope:
                    other.accounts[k].aware = True
    overridden = i.instruments[k].rules[entry.rule].grade is not None
    if entry.points < 0 or (entry.points == 0 and overridden):
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


def resent(world, day, entry):
    """What somebody makes of being held to what another of the household did."""
    i, loss = entry.person, world.setting.coefficients["life"]["opinion_loss"]
    w = world.draw(LEARN, i.slot, 8 + entry.instrument, day)
    i.opinion = byte(i.opinion - sround(q(16, 255 * loss), 65536, w[0]))


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
