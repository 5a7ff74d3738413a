"""Modular homes: rooms along a corridor, and one list of what is in them for the bill and the plan."""

from .home import Fitting, Home, Material, Room, fittings, materials, outside
from .layout import Layout, layout_of

__all__ = ["Fitting", "Home", "Layout", "Room", "Material", "fittings", "layout_of", "outside", "materials"]
