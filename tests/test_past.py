"""The past: what people start with follows from records before day 0."""

from scorepolis.day.ledger import RAW_LIMIT
from scorepolis.engine.world import World
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import load

HEAVY = {"value": -19_000, "unit": "points", "status": "assumed", "range": [-19_000, 0], "reason": "An example"}


def test_points_of_the_past_saturate():
    parameters = load_parameters({})
    teaching = load("teaching-town", parameters)
    (points,) = (i for i in teaching.instruments if i.method == "points")
    heavy = points.with_(
        fed_by=(),
        rules=[
            rule.with_(points=HEAVY, repeat=None, expires=None) if rule.points.exact < 0 else rule
            for rule in points.rules
        ],
    )
    world = World(parameters, [teaching.with_(instruments=[heavy])], society="village", people=3000, seed=4)
    raw = world.districts[0]["raw"][0]
    start = int(heavy.start.exact)
    assert raw.min() == -RAW_LIMIT  # two of them, and no wrap to the other end
    assert (raw == start - 19_000).any()
    best = max(int(rule.points.exact) for rule in heavy.rules)
    assert raw.max() <= start + 15 * best
