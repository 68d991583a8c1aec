"""A package whose names are there without the cost of importing where they come from."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def homes(package: str, modules: Mapping[str, tuple[str, ...]]) -> Callable[[str], Any]:
    """Make the ``__getattr__`` of a package (PEP 562), which imports a name's module when the name is first used.

    Parameters
    ----------
    package : str
        The package's ``__name__``.
    modules : mapping of str to tuple of str
        Names by the module of the package that they come from.

    Returns
    -------
    callable
        Gives what a name stands for.
    """
    of = {name: f"{package}.{module}" for module, names in modules.items() for name in names}

    def find(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
        if name not in of:
            raise AttributeError(f"module '{package}' has no attribute '{name}'")
        return getattr(importlib.import_module(of[name]), name)

    return find
