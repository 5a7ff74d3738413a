"""What a browser is given: the pages, and the files that they need."""

from __future__ import annotations

from .files import Asset, assets, texts
from .look import Look, look_of
from .showing import LANGUAGES, language_of, page

__all__ = ["LANGUAGES", "Asset", "Look", "assets", "language_of", "look_of", "page", "texts"]
