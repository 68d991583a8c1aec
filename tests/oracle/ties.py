"""Section 4: who knows whom."""

from .draws import MASK, TIE
from .files import BIT


class Permutation:
    """A keyed permutation of 0..n-1: a small Feistel network, walked until it lands inside."""

    def __init__(self, n, words):
        self.n = n
        self.m = 1
        while 4**self.m < n:
            self.m += 1
        self.low = (1 << self.m) - 1
        self.keys = [word & self.low for word in words]

    def _mix(self, x, key):
        return (((x ^ key) * 0x9E3779B1) & MASK) >> (32 - self.m)

    def forward(self, x):
        while True:
            left, right = x >> self.m, x & self.low
            for key in self.keys:
                left, right = right, left ^ self._mix(right, key)
            x = left << self.m | right
            if x < self.n:
                return x

    def inverse(self, x):
        while True:
            left, right = x >> self.m, x & self.low
            for key in reversed(self.keys):
                left, right = right ^ self._mix(left, key), left
            x = left << self.m | right
            if x < self.n:
                return x

    def partner(self, x):
        """The one x is matched with, or None."""
        position = self.forward(x) ^ 1
        return self.inverse(position) if position < self.n else None


class Ties:
    def __init__(self, society, draw):
        self.society = society
        self.near = [
            [Permutation(len(place.people), draw(TIE, place.number, layer, 0)) for layer in (0, 1)]
            for place in society.neighbourhoods
        ]
        self.wide = [
            [Permutation(len(district), draw(TIE, number, layer, 0)) for layer in (2, 3, 4)]
            for number, district in enumerate(society.districts)
        ]
        self.far = Permutation(len(society.people), draw(TIE, 0, 5, 0))
        self.known = {}

    def of(self, person):
        """The ties of a person, in order; somebody known twice stands there twice."""
        if person.slot not in self.known:
            self.known[person.slot] = self._of(person)
        return self.known[person.slot]

    def _of(self, person):
        ties = [other for other in person.home if other is not person]
        neighbours = self.society.neighbourhoods[person.h].people
        for matching in self.near[person.h]:
            partner = matching.partner(person.rank)
            if partner is not None:
                ties.append(neighbours[partner])
        district = self.society.districts[person.district]
        *friends, work = self.wide[person.district]
        for matching in friends:
            partner = matching.partner(person.district_rank)
            if partner is not None:
                ties.append(district[partner])
        if person.flags & BIT["working"]:
            first = work.forward(person.district_rank) // 5 * 5
            for position in range(first, min(first + 5, len(district))):
                other = district[work.inverse(position)]
                if other is not person and other.flags & BIT["working"]:
                    ties.append(other)
        return ties

    def acquaintance(self, person):
        partner = self.far.partner(person.number)
        return None if partner is None else self.society.people[partner]
