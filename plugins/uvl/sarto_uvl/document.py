"""One UVL file as it was read, before the files that it imports are put in their places."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sarto.errors import Place
from sarto.model.feature import Feature, GroupKind

__all__ = ["Document", "Import", "OpenGroup", "Rule", "Words"]


@dataclass(slots=True)
class Rule:
    """A constraint that is still text, and where it begins."""

    text: str
    where: Place


@dataclass(slots=True)
class Words:
    """The ``sarto`` attribute of a feature: what Sarto knows of it and UVL has no word for."""

    content: dict[str, Any]
    where: Place


@dataclass(slots=True)
class OpenGroup:
    """A group while features are put into it; ``high`` is None for no limit.

    ``parent`` is None where it stands at a place that no group can have, which is reported; ``is_spoilt`` where
    a line below it is no feature, which is reported too.
    """

    parent: str | None
    kind: GroupKind
    where: Place
    low: int = -1
    high: int | None = -1
    members: list[str] = field(default_factory=list)
    is_spoilt: bool = False


@dataclass(slots=True)
class Import:
    """A line under ``imports``: ``path`` is the other file's, as written; its features are ``prefix.name`` here.

    ``document`` is None until that file is read, and stays so where it cannot be.
    """

    path: tuple[str, ...]
    prefix: str
    where: Place
    document: Document | None = None


@dataclass(slots=True)
class Document:
    """One file; ``features``, ``groups`` and ``rules`` are in the order of the file, with its own names.

    ``levels`` are the language levels that it includes, None where it does not say. ``words`` are the
    features' ``sarto`` attributes.
    """

    path: Path
    file: str
    root: str = ""
    features: dict[str, Feature] = field(default_factory=dict)
    groups: list[OpenGroup] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    levels: dict[str, Place] | None = None
    words: dict[str, Words] = field(default_factory=dict)
