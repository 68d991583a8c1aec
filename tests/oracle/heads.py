"""Section 14: the heads of public bodies, how they change, and what binds them."""

from .draws import BODY
from .firms import hold


def succeed(draw, district, day, month):
    """Whose term is over gives way to another public servant of the district. `month` is its number."""
    servants = district.servants
    for body in district.bodies:
        if (month + body.entered) % district.tables.term == 0 and len(servants) > 1:
            others = [person for person in servants if person is not body.head]
            body.head = others[(draw(BODY, body.slot, 1, day)[0] * len(others)) >> 32]


def bind(scoring, district, marks):
    """Heads are held to what their body has earned, for as long as they are its heads."""
    for body in district.bodies:
        for k, instrument in enumerate(district.tables.setting.instruments):
            earned = body.accounts[k]
            for n, each in enumerate(instrument.binds):
                due = earned.in_scope and earned.standing <= each.grade
                due = due and body.head.accounts[each.instrument].in_scope
                rebind(scoring, body, (k, n), each.instrument, body.head if due else None, marks)


def rebind(scoring, body, binding, m, now, marks):
    """`now` is whom a binding to instrument m binds; None: nobody."""
    before = body.bound.get(binding)
    if now is before:
        return
    if before is not None:
        hold(scoring, before, m, False, marks)
    if now is not None:
        hold(scoring, now, m, True, marks)
    body.bound[binding] = now
    if before is not None and now is not None:
        body.inherited.add(binding)
    else:
        body.inherited.discard(binding)
