"""W in AgentPy: agents in an AgentList, which calls their methods."""

from __future__ import annotations

import agentpy

from benchmarks.peers import start
from benchmarks.peers.start import NEIGHBOURHOOD


class Citizen(agentpy.Agent):
    """One agent of W."""

    def setup(self) -> None:
        self.score, self.belief, self.until = 1000, 96, 0

    def act(self) -> None:
        model, chance = self.model, self.model.random.random
        r = int(chance() * 65536)
        pb = self.infr * (256 - (self.belief >> 1)) >> 4
        if r >= pb + (self.good * (64 + ((1300 - self.score) >> 4)) >> 3):
            return
        bad = r < pb
        row = 2 * (self.wealth >> 5) + (0 if bad else 1)
        column = int(chance() * 32)
        kind = column if int(chance() * 65536) < model.threshold[row][column] else model.other[row][column]
        if not bad:
            kind += 32
        count = model.counts[self.home]
        count[0 if bad else 1] += 1
        seen = int(chance() * 256) < model.cam[self.home] * (128 + (self.expo >> 1)) * model.visibility[kind] >> 16
        wrong = bad and seen and chance() < 1 / 128
        if bad:
            self.belief += (255 - self.belief) >> 3 if seen and not wrong else -(self.belief >> 4)
        if seen:
            blamed = self
            if wrong:
                blamed = model.by_number[self.home * NEIGHBOURHOOD + int(chance() * NEIGHBOURHOOD)]
                count[3] += 1
            count[2] += 1
            model.records.append((blamed, kind, count))

    def scored(self, kind: int, count: list[int]) -> None:
        model = self.model
        before = self.score
        self.score = min(1300, max(0, before + model.points[kind]))
        count[4] += self.score - before
        if self.score < 600 or model.severe[kind]:
            count[5] += self.until <= model.day
            self.until = model.day + 90
        if kind < 32:
            citizens, first = model.by_number, self.home * NEIGHBOURHOOD
            for step in (1, -1, 2, -2):
                citizens[first + (self.number + step) % NEIGHBOURHOOD].learn()

    def learn(self) -> None:
        self.belief += (255 - self.belief) >> 5

    def forget(self) -> None:
        self.belief += (self.belief < 96) - (self.belief > 96)


class City(agentpy.Model):
    """All agents."""

    def setup(self) -> None:
        people, seed = self.p.people, self.p.seed
        kinds = start.tables()
        for name in ("threshold", "other", "visibility", "points", "severe"):
            setattr(self, name, getattr(kinds, name).tolist())
        traits = {name: column.tolist() for name, column in start.people(people, seed).items()}
        self.cam = traits.pop("cam")
        self.citizens = agentpy.AgentList(self, people, Citizen)
        self.by_number = list(self.citizens)
        for name in ("infr", "good", "wealth", "expo"):
            setattr(self.citizens, name, agentpy.AttrIter(traits[name]))
        for number, citizen in enumerate(self.by_number):
            citizen.number, citizen.home = number, number // NEIGHBOURHOOD
        of_turn = [[c for c in self.by_number if c.number >> 6 & 15 == turn] for turn in range(16)]
        self.forgetting = [agentpy.AgentList(self, citizens) for citizens in of_turn]
        self.partner = start.partners(people, seed).tolist()
        self.records: list[tuple[Citizen, int, list[int]]] = []
        self.counts = [[0] * 6 for _ in self.cam]
        self.day = 0

    def step(self) -> None:
        self.citizens.act()
        for blamed, kind, count in self.records:
            blamed.scored(kind, count)
        self.forgetting[self.day & 15].forget()
        for blamed, kind, _ in self.records:
            if kind < 32:
                self.by_number[self.partner[blamed.number]].learn()
        self.records.clear()
        self.day += 1


class Loop:
    """W, days following one another."""

    def __init__(self, people: int, seed: int) -> None:
        self.model = City({"people": people, "seed": seed})
        self.model.sim_setup(steps=10**9, seed=seed)

    def run(self, days: int) -> None:
        for _ in range(days):
            self.model.sim_step()

    @property
    def counts(self) -> list[list[int]]:
        return self.model.counts
