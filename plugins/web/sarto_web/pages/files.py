"""The files of the pages, as they are served: scripts, styles, texts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

__all__ = ["Asset", "Message", "assets", "styles", "texts"]

MEDIA_TYPES = {"css": "text/css", "js": "text/javascript", "json": "application/json"}
FOLDERS = ("scripts", "styles", "texts")

Message = str | Mapping[str, str]
"""A text, or one for each plural form that a language has."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file under ``/static/``."""

    body: bytes
    media_type: str


@cache
def assets() -> Mapping[str, Asset]:
    """Every file under ``/static/``, by its path there."""
    found = {}
    for folder in FOLDERS:
        for file in sorted((files(__package__) / folder).iterdir(), key=lambda file: file.name):
            kind = MEDIA_TYPES[file.name.rpartition(".")[2]]
            found[f"{folder}/{file.name}"] = Asset(file.read_bytes(), kind)
    return MappingProxyType(found)


def styles() -> list[str]:
    """The style sheets, in the order in which they are to be read."""
    return sorted(path for path in assets() if path.startswith("styles/"))


@cache
def texts(language: str) -> Mapping[str, Message]:
    """The catalogue of a language."""
    found: dict[str, Message] = json.loads(assets()[f"texts/{language}.json"].body)
    return MappingProxyType(found)
