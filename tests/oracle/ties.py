"""Section 4: who knows whom."""

from .draws import MASK, TIE
from .files import BIT

WORK = 4  # the first of the places for workmates


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
        self.places = {}  # by slot, who holds them

    def of(self, person):
        """The ties of a person, in order; somebody known twice stands there twice."""
        return [other for other in person.home if other is not person] + self.beyond(person)

    def beyond(self, person):
        """The ties beyond the household, in order."""
        return [other for other in self.held(person) if other is not None]

    def held(self, person):
        """Who holds each place beyond the household, or None: layers 0 to 3, then the workmates of the start."""
        if person.slot not in self.places:
            self.places[person.slot] = self._held(person)
        return self.places[person.slot]

    def lose(self, person, place):
        """End a tie on both sides, for good."""
        other = self.held(person)[place]
        theirs = place if place < WORK else self.held(other).index(person, WORK)
        self.held(person)[place] = None
        self.held(other)[theirs] = None

    def _held(self, person):
        neighbours, district = self.society.neighbourhoods[person.h].people, self.society.districts[person.district]
        *friends, work = self.wide[person.district]
        near = [(matching.partner(person.rank), neighbours) for matching in self.near[person.h]]
        wide = [(matching.partner(person.district_rank), district) for matching in friends]
        held = [None if partner is None else people[partner] for partner, people in near + wide]
        first = work.forward(person.district_rank) // 5 * 5
        clique = [district[work.inverse(position)] for position in range(first, min(first + 5, len(district)))]
        working = person.has(BIT["working"])
        held += [other for other in clique if working and other.has(BIT["working"]) and other is not person]
        return held

    def acquaintance(self, person):
        partner = self.far.partner(person.number)
        return None if partner is None else self.society.people[partner]
