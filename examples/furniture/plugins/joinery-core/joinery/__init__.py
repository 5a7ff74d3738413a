"""Furniture made to order: one list of parts, from which both the bill and the picture follow."""

from .order import Order
from .pieces import Part, Piece, Supply, legs, parts, pieces, supplies, surface_of, tone

__all__ = ["Order", "Part", "Piece", "Supply", "legs", "parts", "pieces", "supplies", "surface_of", "tone"]
