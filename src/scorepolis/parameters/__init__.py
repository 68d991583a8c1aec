"""What people do, want and answer to, who watches, and who lives where: numbers with provenance."""

from scorepolis.parameters.load import load, quantities
from scorepolis.parameters.model import Parameters

__all__ = ["Parameters", "load", "quantities"]
