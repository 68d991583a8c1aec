"""Section 14: the firms that supply public bodies, how many bills they wait for, and what is counted of them."""

from .draws import FIRM, chance, q


def supply(draw, firms, bodies, share):
    """The suppliers of each body, in the order of firms."""
    for firm in firms:
        v = draw(FIRM, firm.slot, 3, 0)
        if bodies and firm.size > 0 and chance(v[0], q(30, share)):
            bodies[(v[1] * len(bodies)) >> 32].suppliers.append(firm)


def wait(bodies):
    """The bills of a body fall to its suppliers in turn, and the oldest are paid first."""
    for body in bodies:
        unpaid = range(body.bills - body.owed - body.defied, body.bills)
        for t, firm in enumerate(body.suppliers):
            firm.waits = sum(number % len(body.suppliers) == t for number in unpaid)


def count(bodies, flows):
    """What suppliers did this month, by whether somebody owed them anything when they did it."""
    for body in bodies:
        for firm in body.suppliers:
            flows.supplied(body, firm.waits > 0, firm.did)
