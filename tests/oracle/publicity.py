"""Sections 10 and 11: who is shown, who sees and hears of it, and what it does to them."""

from .draws import HEAR, byte, q, sround
from .files import BIT, SHAMING

BILLBOARD, APP, RINGTONE, BROADCAST_SHAME, GALLERY, BROADCAST_PRAISE = range(6)


def standing_on(world, person):
    """The shaming and the praising channels on which a person stands under any instrument."""
    channels = set()
    for instrument, account in zip(person.instruments, person.accounts, strict=True):
        if account.in_scope:
            channels |= instrument.shows(account.standing)
    shaming = channels & set(SHAMING)
    return shaming, channels - shaming


def publish(world):
    for person in world.society.people:
        for instrument, account in zip(person.instruments, person.accounts, strict=True):
            if account.in_scope:
                for c in instrument.shows(account.standing):
                    world.society.neighbourhoods[person.h].shown[c] += 1
                    if c in SHAMING:
                        account.marks |= 8


def receives(person, c):
    """Whether somebody is in reach of a channel of the neighbourhood."""
    if c == APP:
        return person.has(BIT["online"])
    return c in (BILLBOARD, GALLERY) or not person.urban


def hear(world, day):
    for person in world.society.people:
        shown, audience = world.society.neighbourhoods[person.h].shown, world.month.audience
        for c in (BILLBOARD, APP, BROADCAST_SHAME, GALLERY, BROADCAST_PRAISE):
            audience[person.group_cell][c] += shown[c] > 0 and receives(person, c)
        on, _ = standing_on(world, person)
        if RINGTONE in on:
            ring(world, day, person)
        if on:
            shun(world, day, person)


def ring(world, day, person):
    """Whoever knows them calls, and hears it."""
    weight = q(16, world.setting.coefficients["publicity"]["ringtone_weight"])
    for t, other in enumerate(world.ties.of(person)):
        w = world.draw(HEAR, person.slot, t, day)
        for d in range(4):
            other.belief[d] = byte(other.belief[d] + sround((255 - other.belief[d]) * weight, 65536, w[d]))
        world.month.audience[other.group_cell][RINGTONE] += 1


def shun(world, day, person):
    """Some of those who know them turn away."""
    publicity = world.setting.coefficients["publicity"]
    distrust = q(16, 255 * publicity["shunned_distrust"])
    for place, other in enumerate(world.ties.held(person)):
        if other is None:
            continue
        w = world.draw(HEAR, person.slot, 64 + place, day)
        if w[0] < q(32, publicity["shunning"]):
            world.ties.lose(person, place)
            world.month.ties_lost[person.group_cell] += 1
            person.trust = byte(person.trust - sround(distrust, 65536, w[1]))
            other.trust = byte(other.trust - sround(distrust, 65536, w[2]))


def praise_heard(publicity, person, shown):
    """HEARD: what the month's praise adds to opinion, Q16."""
    praised = shown[GALLERY] + (shown[BROADCAST_PRAISE] if receives(person, BROADCAST_PRAISE) else 0)
    return (q(16, 255 * publicity["praise_opinion"]) * min(praised, 20)) // 20


def pull(publicity, person, shown):
    """PULL: how far those who are shamed around somebody draw their beliefs up, Q16."""
    weights = {BILLBOARD: "billboard_weight", APP: "app_weight", BROADCAST_SHAME: "broadcast_weight"}
    felt = [q(16, publicity[name]) * min(shown[c], 20) for c, name in weights.items() if receives(person, c)]
    return min(65536, sum(felt) // 20)
