"""Made-up results for tests of what reads them: small, random, and consistent with one another."""

from __future__ import annotations

from datetime import date

import numpy as np

from scorepolis.measures.context import Behaviour, Context, Instrument, Sensor, Service
from scorepolis.measures.counts import CELLS, REPAIRS, TRUTHS, Counts, shapes
from scorepolis.runs.folder import FORMAT, VERSION
from scorepolis.runs.ledger import in_order
from scorepolis.runs.result import Run, World

MONTHS = (date(2019, 1, 31), date(2019, 2, 28), date(2019, 3, 10))


def context(*, instruments: int = 1, lists: int = 0) -> Context:
    """`instruments` of points and then `lists`."""
    return Context(
        start=date(2019, 1, 1),
        months=MONTHS,
        behaviours=(
            Behaviour("jaywalking", "Crossing on red", "society", "bad", False, 20, 2.0),
            Behaviour("theft", "Theft", "judiciary", "bad", False, 1, 1000.0),
            Behaviour("petitioning", "Petitioning", "government", "bad", True, 1, 0.0),
            Behaviour("volunteering", "Volunteering", "society", "good", False, 2, 100.0),
        ),
        services=(Service("fast_train", "Fast train", 200.0), Service("consumer_loan", "Consumer loan", 3000.0)),
        sensors=(
            Sensor("street_camera", "Cameras in the street", "camera", ("jaywalking", "theft")),
            Sensor("police", "Police", "agency", ("theft", "petitioning")),
        ),
        instruments=(
            *(Instrument(f"book-{n}", "points", "points", ("D", "C", "A"), ("R1", "R2")) for n in range(instruments)),
            *(Instrument(f"list-{n}", "list", "list", ("listed", "clear"), ("J1",)) for n in range(lists)),
        ),
    )


def zeros(about: Context, *, neighbourhoods: int = 2) -> dict[str, np.ndarray]:
    sizes = shapes(
        months=len(about.months),
        behaviours=len(about.behaviours),
        services=len(about.services),
        sensors=len(about.sensors),
        instruments=len(about.instruments),
        grades=max((len(i.grades) for i in about.instruments), default=0),
        places=neighbourhoods,
    )
    return {name: np.zeros(size, dtype=np.int64) for name, size in sizes.items()}


def counts(about: Context, seed: int = 1) -> Counts:
    draw = np.random.default_rng(seed)
    arrays = {name: draw.integers(0, 9, array.shape) for name, array in zeros(about).items()}
    arrays["people"] = np.broadcast_to(draw.integers(0, 20, CELLS), arrays["people"].shape).copy()
    arrays["silenced"][:, :, 3:] = 0
    arrays["for_points"] = np.minimum(arrays["for_points"], arrays["acts"])
    arrays["records"][..., [TRUTHS.index("no_basis"), TRUTHS.index("disproportionate")]] = 0  # ways of penalties only
    arrays["entries"][..., 0] = arrays["wrongful"].sum(axis=-1)
    arrays["entries"][..., 2] = arrays["wrongful"][..., 1:].sum(axis=-1)
    arrays["entries"][..., 3] = np.minimum(arrays["entries"][..., 3], arrays["entries"][..., 1])
    arrays["appeals"][..., 0] = np.minimum(arrays["appeals"][..., 0], arrays["entries"][..., 0])
    arrays["appeals"][..., 1] = np.minimum(arrays["appeals"][..., 1], arrays["appeals"][..., 0])
    mistaken = arrays["wrongful"][..., 1:3].sum(axis=-1)
    arrays["appeals"][..., 2] = np.minimum(arrays["appeals"][..., 2], np.minimum(arrays["appeals"][..., 1], mistaken))
    wished = arrays["repairs"][..., :3].sum(axis=-1) + arrays["repairs"][..., REPAIRS.index("barred")]
    too_poor = arrays["repairs"][..., REPAIRS.index("too_poor")]
    too_poor[:] = np.minimum(too_poor, wished)
    arrays["outcomes"] = np.minimum(arrays["outcomes"], arrays["acts"][..., len(about.behaviours) :, None])
    if not about.instruments:  # nobody is shown then
        for name in ("on_channel", "audience", "ties_lost"):
            arrays[name][:] = 0
    arrays["on_channel"] = np.minimum(arrays["on_channel"], arrays["people"][..., None])
    arrays["in_scope"] = np.repeat(arrays["people"][..., None], len(about.instruments), axis=-1)
    arrays["marks"] = np.minimum(arrays["marks"], arrays["in_scope"][..., None])
    arrays["grades"][:] = 0
    for k, instrument in enumerate(about.instruments):
        lowest, highest = arrays["grades"][..., k, 0], arrays["grades"][..., k, len(instrument.grades) - 1]
        lowest[:] = arrays["in_scope"][..., k] // 4
        highest[:] = arrays["in_scope"][..., k] - lowest
        if instrument.method == "list":
            arrays["score"][..., k] = highest
            arrays["points"][..., k, :] = arrays["entries"][..., k, 1::2] = arrays["marks"][..., k, 3] = 0
    return Counts.of({name: array.astype(np.int64) for name, array in arrays.items()})


def ledger(*, empty: bool = False) -> dict[str, np.ndarray]:
    rows = (
        []
        if empty
        else [
            # slot, day, what, instrument, rule, behaviour, sensor, points, before, after, standing b., a., truth, doer
            (1030, 40, 0, 0, 0, 0, 0, 5, 995, 1000, 1, 2, 0, 0),
            (1030, 3, 4, 0, 0, 1, 1, -5, 1000, 995, 2, 1, 1, 1025),
            (2, 9, 4, 0, 1, 3, 0, 10, 1000, 1010, 2, 2, 2, 0),
            (2, 9, 4, 0, 0, 0, 0, -5, 1010, 1005, 2, 2, 0, 2),
        ]
    )
    names = (
        "slot", "day", "what", "instrument", "rule", "behaviour", "sensor", "points", "score_before", "score_after",
        "standing_before", "standing_after", "truth", "doer",
    )  # fmt: skip
    table = np.array(rows, dtype=np.int32).reshape(len(rows), len(names))
    return {name: table[:, column].copy() for column, name in enumerate(names)}


def run(*, instruments: int = 1, lists: int = 0, baseline: bool = True, seed: int = 1) -> Run:
    law = run(instruments=0, baseline=False, seed=seed + 1) if baseline else None
    about = context(instruments=instruments, lists=lists)
    numbers, columns = counts(about, seed), in_order(ledger(empty=not instruments))
    made = {
        "format": FORMAT,
        "version": VERSION,
        "package": "0",
        "scenario": {"name": "made-up", "title": "A made-up town", "rulebooks": []},
        "society": "town",
        "people": int(numbers.people[0].sum()),
        "start": "2019-01-01",
        "days": 69,
        "seed": seed,
        "rulebooks": [
            {"name": instrument.rulebook, "title": "A book", "tag": "stylised", "sha256": "0"}
            for instrument in about.instruments
        ],
        "parameters": "0",
        "overrides": {"coefficients.learning.peer_weight": 0},
        "baseline": baseline,
    }
    world = World(lambda: numbers, lambda: columns)
    unsigned = Run(made, {"act": 0.1}, about, world, law)
    return Run({**made, "digest": unsigned.digest}, {"act": 0.1}, about, world, law)
