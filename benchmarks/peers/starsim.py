"""W in Starsim: a module with states on the people, turned by the simulation; acts are sets of unique identifiers."""

from __future__ import annotations

import numpy as np
import starsim as ss

from benchmarks.peers import start
from benchmarks.peers.start import NEIGHBOURHOOD

MOST_DAYS = 10_000


class Scoring(ss.Module):
    """The whole loop of W."""

    def __init__(self, people: int, seed: int) -> None:
        super().__init__(name="scoring")
        self.kinds, self.traits = start.tables(), start.people(people, seed)
        self.partner = start.partners(people, seed)
        self.counts = np.zeros((people // NEIGHBOURHOOD, 6), np.int64)
        self.define_states(
            *(ss.IntArr(name, default=0) for name in ("infr", "good", "wealth", "expo", "until")),
            ss.IntArr("score", default=1000),
            ss.IntArr("belief", default=96),
        )
        self.gate = ss.random(name="gate")
        self.draws = {name: ss.random(name=name) for name in ("column", "pick", "eye", "slip", "someone")}

    def init_post(self) -> None:
        super().init_post()
        for name in ("infr", "good", "wealth", "expo"):
            self.states_of(name)[:] = self.traits[name]
        self.cam = self.traits["cam"].astype(np.int64)
        self.turn = np.asarray(self.sim.people.auids) >> 6 & 15

    def states_of(self, name: str) -> np.ndarray:
        """Values of a state for all agents; nobody dies in W, so these are all that there are."""
        return getattr(self, name).values

    def draw(self, name: str, high: int, uids: ss.uids) -> np.ndarray:
        return (self.draws[name].rvs(uids) * high).astype(np.int64)

    def step(self) -> None:
        day, belief, score, kinds = self.ti, self.belief, self.score, self.kinds
        everybody = self.sim.people.auids
        chance_bad = self.infr.values * (256 - (belief.values >> 1)) >> 4
        chance_good = self.good.values * (64 + ((1300 - score.values) >> 4)) >> 3
        r = self.gate.rvs(everybody) * 65536
        acts = r < chance_bad + chance_good
        acting = everybody[acts]
        bad = (r < chance_bad)[acts]

        column = self.draw("column", 32, acting)
        row = 2 * (self.wealth[acting] >> 5) + ~bad
        picked = self.draw("pick", 65536, acting) < kinds.threshold[row, column]
        kind = np.where(picked, column, kinds.other[row, column]) + 32 * ~bad
        home = acting // NEIGHBOURHOOD
        chance = self.cam[home] * (128 + (self.expo[acting] >> 1)) * kinds.visibility[kind] >> 16
        seen = self.draw("eye", 256, acting) < chance
        wrong = bad & seen & (self.draw("slip", 128, acting) == 0)
        someone = home * NEIGHBOURHOOD + self.draw("someone", NEIGHBOURHOOD, acting)
        blamed = np.where(wrong, someone, acting)
        worse = ss.uids(acting[bad])
        own = belief[worse]
        belief[worse] = np.where((seen & ~wrong)[bad], own + ((255 - own) >> 3), own - (own >> 4))

        told, kind = ss.uids(blamed[seen]), kind[seen]
        before = score[told]
        np.add.at(score.raw, told, kinds.points[kind])
        score[told] = np.clip(score[told], 0, 1300)
        listed = (score[told] < 600) | (kinds.severe[kind] == 1)
        newly = listed & (self.until[told] <= day)
        self.until[told[listed]] = day + 90

        of_bad = told[bad[seen]]
        first = of_bad - of_bad % NEIGHBOURHOOD
        for step in (1, -1, 2, -2):
            self.learn(first + (of_bad + step) % NEIGHBOURHOOD)
        forgetting = ss.uids(everybody[self.turn == day & 15])
        belief[forgetting] += np.sign(96 - belief[forgetting])
        self.learn(self.partner[of_bad])

        homes, where = len(self.counts), home[seen]
        self.counts[:, 0] += np.bincount(home[bad], minlength=homes)
        self.counts[:, 1] += np.bincount(home[~bad], minlength=homes)
        self.counts[:, 2] += np.bincount(where, minlength=homes)
        self.counts[:, 3] += np.bincount(home[wrong], minlength=homes)
        np.add.at(self.counts[:, 4], where, score[told] - before)
        self.counts[:, 5] += np.bincount(where[newly], minlength=homes)

    def learn(self, agents: np.ndarray) -> None:
        uids = ss.uids(agents)
        self.belief[uids] += (255 - self.belief[uids]) >> 5


class Loop:
    """W, days following one another."""

    def __init__(self, people: int, seed: int) -> None:
        ss.options(crn=False)  # draws no more numbers than are asked for
        self.scoring = Scoring(people, seed)
        self.sim = ss.Sim(
            n_agents=people, modules=self.scoring, dur=MOST_DAYS, rand_seed=seed, verbose=0, copy_inputs=False
        )
        self.sim.init()

    def run(self, days: int) -> None:
        for _ in range(days):
            self.sim.run_one_step()

    @property
    def counts(self) -> np.ndarray:
        return self.scoring.counts
