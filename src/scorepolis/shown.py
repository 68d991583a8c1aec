"""What a notebook shows of a result: a card in HTML, made far above, where words, numbers and tables are."""

from __future__ import annotations

from importlib import import_module


class Shown:
    """Something that a notebook shows as a card; as text it stays what it is."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        # By name, since imports run downwards: what is shown need not know who shows it.
        card: str = import_module("scorepolis.report.notebook").html(self)
        return card
