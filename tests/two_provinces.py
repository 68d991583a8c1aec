"""A society of two provinces, small enough for the oracle: its files beside those of the package."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import scorepolis
from scorepolis.core.yamlfile import read
from scorepolis.parameters import Parameters
from scorepolis.parameters.load import FILES, _set, build

SOCIETY = """
  two:
    title: Two provinces
    people: {value: 1500, unit: people, status: assumed, range: [100, 100000], reason: "Few"}
    neighbourhood_size: {value: 12, unit: people, status: assumed, range: [10, 1000],
      reason: "So small that some have fewer adults than households"}
    district_neighbourhoods: {value: 4, unit: neighbourhoods, status: assumed, range: [1, 64], reason: "Many districts"}
    provinces: [tibet, qinghai]
    unit_size_shape: {value: 0.5, unit: shape, status: assumed, range: [0, 0.8], reason: "Large ones and small ones"}
    unit_urban_spread: {value: 0.9, unit: share of the room, status: assumed, range: [0, 1], reason: "Town and country"}
    places:
      lakeside: {province: qinghai, units: [1, 4, 30, 31], status: assumed, reason: "Far from one another"}
      highland: {province: tibet, units: [0, 1, 2], status: assumed, reason: "Side by side"}
      shore: {province: qinghai, units: [4, 5], status: assumed, reason: "Partly by the lake"}
    income_gini: {value: 0.468, unit: Gini coefficient, status: assumed, range: [0.25, 0.65], reason: "As elsewhere"}
"""


def write(folder: Path) -> Path:
    """Write the parameters, with the society of two provinces among the others."""
    own = Path(scorepolis.__file__).parent / "parameters"
    for name in FILES:
        shutil.copy(own / f"{name}.yaml", folder)
    with (folder / "societies.yaml").open("a", encoding="utf-8") as file:
        file.write(SOCIETY)
    return folder


def load(folder: Path, overrides: Mapping[str, str | float]) -> Parameters:
    """Read the parameters that `write` wrote."""
    documents = {name: read(folder / f"{name}.yaml", f"{name}.yaml") for name in FILES}
    for path, value in overrides.items():
        root = path.partition(".")[0]
        _set(documents[root if root in documents else "behaviours"].data, path, str(value))
    return build(documents)


def quiet(parameters: Parameters) -> Parameters:
    """The same, but nobody tells a story of a penalty: then nothing crosses from district to district."""
    learning = parameters.coefficients.learning
    silent = learning.story_share.model_copy(update={"value": 0})
    told = learning.model_copy(update={"story_share": silent})
    return parameters.model_copy(update={"coefficients": parameters.coefficients.model_copy(update={"learning": told})})
