"""W in Mesa: an agent is an object with a step, the model calls them all."""

from __future__ import annotations

import mesa

from benchmarks.peers import start
from benchmarks.peers.start import NEIGHBOURHOOD


class Citizen(mesa.Agent):
    """One agent of W."""

    def __init__(self, model: Loop, number: int, infr: int, good: int, wealth: int, expo: int) -> None:
        super().__init__(model)
        self.number, self.home = number, number // NEIGHBOURHOOD
        self.infr, self.good, self.wealth, self.expo = infr, good, wealth, expo
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
                blamed = model.citizens[self.home * NEIGHBOURHOOD + int(chance() * NEIGHBOURHOOD)]
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
            citizens, first = model.citizens, self.home * NEIGHBOURHOOD
            for step in (1, -1, 2, -2):
                citizens[first + (self.number + step) % NEIGHBOURHOOD].learn()

    def learn(self) -> None:
        self.belief += (255 - self.belief) >> 5

    def forget(self) -> None:
        self.belief += (self.belief < 96) - (self.belief > 96)


class Loop(mesa.Model):
    """W, days following one another."""

    def __init__(self, people: int, seed: int) -> None:
        super().__init__(seed=seed)
        kinds = start.tables()
        for name in ("threshold", "other", "visibility", "points", "severe"):
            setattr(self, name, getattr(kinds, name).tolist())
        traits = {name: column.tolist() for name, column in start.people(people, seed).items()}
        self.cam = traits.pop("cam")
        own = zip(range(people), *(traits[name] for name in ("infr", "good", "wealth", "expo")), strict=True)
        self.citizens = [Citizen(self, *values) for values in own]
        self.forgetting = [[c for c in self.citizens if c.number >> 6 & 15 == turn] for turn in range(16)]
        self.partner = start.partners(people, seed).tolist()
        self.records: list[tuple[Citizen, int, list[int]]] = []
        self.counts = [[0] * 6 for _ in self.cam]
        self.day = 0

    def step(self) -> None:
        self.agents.do("act")
        for blamed, kind, count in self.records:
            blamed.scored(kind, count)
        for citizen in self.forgetting[self.day & 15]:
            citizen.forget()
        for blamed, kind, _ in self.records:
            if kind < 32:
                self.citizens[self.partner[blamed.number]].learn()
        self.records.clear()
        self.day += 1

    def run(self, days: int) -> None:
        for _ in range(days):
            self.step()
