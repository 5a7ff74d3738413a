"""What a browser is given: the pages, and the files that they need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

__all__ = ["Asset", "assets", "page"]


@dataclass(frozen=True, slots=True)
class Asset:
    """One file under ``/static/``."""

    body: bytes
    media_type: str


def assets() -> Mapping[str, Asset]:
    """Every file under ``/static/``, by its path there."""
    return {}


def page(name: str, **context: object) -> str:
    """The page of that name (``start``, ``room``, ``embed``, ``error``) as HTML."""
    shown = "".join(f"<dt>{escape(key)}<dd>{escape(str(value))}" for key, value in context.items())
    return f"<!doctype html><html lang=en><title>{escape(name)}</title><main><h1>{escape(name)}</h1><dl>{shown}</dl>"
