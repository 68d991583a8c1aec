"""W in Polars: a frame of agents, expressions, and scatters where an act touches others. NumPy only draws."""

from __future__ import annotations

import numpy as np
import polars as pl
from polars import col

from benchmarks.peers import start
from benchmarks.peers.start import NEIGHBOURHOOD

COUNTED = ("bad", "good", "seen", "wrong", "points", "newly")


class Loop:
    """W, days following one another."""

    def __init__(self, people: int, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        kinds = start.tables()
        self.columns = pl.DataFrame(
            {
                "at": np.arange(512, dtype=np.int32),
                "threshold": kinds.threshold.ravel(),
                "other": kinds.other.ravel().astype(np.int32),
            }
        )
        self.kinds = pl.DataFrame(
            {
                "kind": np.arange(64, dtype=np.int32),
                "visibility": kinds.visibility.astype(np.int32),
                "worth": kinds.points.astype(np.int32),
                "severe": kinds.severe == 1,
            }
        )
        traits = start.people(people, seed)
        number = np.arange(people, dtype=np.int32)
        self.agents = pl.DataFrame(
            {
                "number": number,
                "home": number // NEIGHBOURHOOD,
                "partner": start.partners(people, seed),
                "cam": np.repeat(traits["cam"], NEIGHBOURHOOD).astype(np.int32),
                **{name: traits[name].astype(np.int32) for name in ("infr", "good", "wealth", "expo")},
                "score": np.full(people, 1000, np.int32),
                "belief": np.full(people, 96, np.int32),
                "until": np.zeros(people, np.int32),
            }
        )
        self.totals = pl.DataFrame({"home": number[: people // NEIGHBOURHOOD]}).with_columns(
            pl.lit(0, pl.Int64).alias(name) for name in COUNTED
        )
        self.day = 0

    def run(self, days: int) -> None:
        for _ in range(days):
            self.step()
            self.day += 1

    def step(self) -> None:
        acts = self.act()
        records = acts.filter("seen")
        worse = acts.filter("bad")
        told = records.filter("bad")["blamed"]
        first = told - told % NEIGHBOURHOOD

        belief = self.agents["belief"].scatter(worse["number"], worse["after"])
        for step in (1, -1, 2, -2):
            belief = self.learn(belief, first + (told + step) % NEIGHBOURHOOD)
        forgetting = self.agents["number"].filter(self.agents["number"] // 64 % 16 == self.day % 16)
        before = belief.gather(forgetting)
        belief = belief.scatter(forgetting, before + (96 - before).sign())
        belief = self.learn(belief, self.agents["partner"].gather(told))
        scored = self.score(records)
        listed = scored.filter("listed")["blamed"]
        self.agents = self.agents.with_columns(
            belief,
            self.agents["score"].scatter(scored["blamed"], scored["score_after"]),
            self.agents["until"].scatter(listed, self.day + 90),
        )
        counted = (
            acts.join(scored.select("blamed", "points", "newly"), on="blamed", how="left")
            .group_by("home")
            .agg(
                col("bad").sum(),
                (~col("bad")).sum().alias("good"),
                col("seen").sum(),
                col("wrong").sum(),
                col("points").filter("seen").sum(),
                col("newly").filter("seen").sum(),
            )
        )
        self.totals = self.totals.join(counted, on="home", how="left", maintain_order="left", suffix="_today").select(
            "home", *(col(name) + col(f"{name}_today").fill_null(0) for name in COUNTED)
        )

    def draw(self, high: int, count: int) -> pl.Series:
        return pl.Series(self.rng.integers(0, high, count, dtype=np.int32))

    def act(self) -> pl.DataFrame:
        """Who acts, what is seen of it, and what the own belief is afterwards."""
        r = pl.Series(self.rng.integers(0, 2**16, self.agents.height, dtype=np.uint16))
        acting = (
            self.agents.lazy()
            .with_columns(
                r=r.cast(pl.Int32),
                pb=col("infr") * (256 - col("belief") // 2) // 16,
                pg=col("good") * (64 + (1300 - col("score")) // 16) // 8,
            )
            .filter(col("r") < col("pb") + col("pg"))
            .select("number", "home", "cam", "wealth", "expo", "belief", bad=col("r") < col("pb"))
            .collect()
        )
        n = acting.height
        return (
            acting.lazy()
            .with_columns(column=self.draw(32, n), pick=self.draw(2**16, n), eye=self.draw(256, n))
            .with_columns(slip=self.draw(128, n), someone=self.draw(NEIGHBOURHOOD, n))
            .with_columns(at=(col("wealth") // 32 * 2 + (~col("bad")).cast(pl.Int32)) * 32 + col("column"))
            .join(self.columns.lazy(), on="at", how="left", maintain_order="left")
            .with_columns(
                kind=pl.when(col("pick") < col("threshold")).then("column").otherwise("other")
                + pl.when("bad").then(0).otherwise(32)
            )
            .join(self.kinds.lazy(), on="kind", how="left", maintain_order="left")
            .with_columns(seen=col("eye") < col("cam") * (128 + col("expo") // 2) * col("visibility") // 65536)
            .with_columns(wrong=col("bad") & col("seen") & (col("slip") == 0))
            .with_columns(
                blamed=pl.when("wrong").then(col("home") * NEIGHBOURHOOD + col("someone")).otherwise("number"),
                after=pl.when(col("seen") & ~col("wrong"))
                .then(col("belief") + (255 - col("belief")) // 8)
                .otherwise(col("belief") - col("belief") // 16),
            )
            .collect()
        )

    def score(self, records: pl.DataFrame) -> pl.DataFrame:
        """Scores and listings after today's records, by who is blamed."""
        who = records.group_by("blamed").agg(col("worth").sum(), col("severe").any())
        of = self.agents.select("score", "until")[who["blamed"]]
        return (
            pl.concat([who, of], how="horizontal")
            .with_columns(score_after=(col("score") + col("worth")).clip(0, 1300))
            .with_columns(listed=(col("score_after") < 600) | col("severe"))
            .select(
                "blamed",
                "score_after",
                "listed",
                points=col("score_after") - col("score"),
                newly=col("listed") & (col("until") <= self.day),
            )
        )

    @staticmethod
    def learn(belief: pl.Series, agents: pl.Series) -> pl.Series:
        """Move the belief of those who are told."""
        before = belief.gather(agents)
        return belief.scatter(agents, before + (255 - before) // 32)

    @property
    def counts(self) -> np.ndarray:
        return self.totals.select(COUNTED).to_numpy()
