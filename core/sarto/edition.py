"""The edition: the Sarto that runs, with the name and the looks that its vendor gave it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from . import __version__

__all__ = ["DEFAULTS", "Edition", "edition", "languages_of_user"]

VARIABLE = "SARTO_PRODUCT"
"""In this variable a build says what runs (docs/reference/build.md)."""
CORE = "sarto"
DEFAULTS: Mapping[str, str] = MappingProxyType({
    "name": "Sarto", "tagline": "", "accent": "#0b7a75", "ink": "#ffffff", "logo": "", "icon": "",
})  # fmt: skip
"""What fills the slots of Sarto's own features.toml where no vendor does; the tests hold the two together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The Sarto that runs: its name, for whom it was built (empty for the plain one), and what fills each slot.

    The slots are those of ``[cosmetics]`` in Sarto's own features.toml: ``name``, ``tagline``, ``accent`` (the colour
    of headings and buttons, ``#rrggbb``), ``ink`` (what is written on the accent), ``logo`` and ``icon``.
    """

    name: str = DEFAULTS["name"]
    version: str = __version__
    customer: str = ""
    brand: Mapping[str, str] = field(default_factory=lambda: DEFAULTS)
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    folder: Path | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it is Sarto as it is installed, which no vendor has built."""
        return self.folder is None

    def text(self, slot: str, languages: Sequence[str] = ()) -> str:
        """The text of a slot in the first of the languages in which there is one; else in the edition's own first."""
        texts = self.texts.get(slot, {})
        wanted = (each for tag in languages for each in (tag, tag.partition("-")[0]))
        return next((texts[each] for each in wanted if each in texts), self.brand.get(slot, ""))

    def file(self, slot: str) -> Path | None:
        """The file that fills a slot; None where none does."""
        path = self.brand.get(slot, "")
        return self.folder.joinpath(*path.split("/")) if self.folder and path.startswith("brand/") else None


def languages_of_user(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The languages that the variables of gettext name, as tags such as ``it-CH``, the best first."""
    said = next((environment[key] for key in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG") if environment.get(key)), "")
    tags = (each.partition(".")[0].partition("@")[0].replace("_", "-") for each in said.split(":"))
    return tuple(tag for tag in tags if tag not in ("", "C", "POSIX"))


def edition() -> Edition:
    """The Sarto that runs here, with its vendor's brand where it is a build of Sarto; for the program and its plugins.

    Of a build that cannot be read it is the plain one: its launcher has said what is wrong.
    """
    return _edition(os.environ.get(VARIABLE, ""))


@cache
def _edition(said: str) -> Edition:
    if not said:
        return Edition()
    try:
        folder = Path(json.loads(said)["folder"])
        build = json.loads((folder / "build.json").read_text(encoding="utf-8"))
        return _of_build(build, folder) if build["core"]["part"] == CORE else Edition()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Edition()


def _of_build(build: Mapping[str, Any], folder: Path) -> Edition:
    brand = {**DEFAULTS, **{slot: str(text) for slot, text in build["brand"].items() if text}}
    return Edition(
        name=brand["name"], customer=str(build["customer"]), brand=brand,
        texts=build.get("look", {}).get("texts", {}), folder=folder,
    )  # fmt: skip
