"""A portfolio is proposed from made-up figures: the client, the assets, and the points that features modify."""

from .assets import Asset
from .client import Client
from .portfolio import Portfolio, Weights, advice, assets, fee, figures, growing, portfolio_of, scaled, weights

__all__ = [
    "Asset", "Client", "Portfolio", "Weights", "advice", "assets", "fee", "figures", "growing", "portfolio_of",
    "scaled", "weights",
]  # fmt: skip
