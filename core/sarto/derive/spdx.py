"""Licence expressions (SPDX 2.3, annex D) as trees: what holds together, and what one may choose from."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Both", "Either", "Expression", "Name", "parse"]

GNU = re.compile(r"(A|L)?GPL-\d\.\d\+?|GFDL-\d\.\d\+?")


@dataclass(frozen=True, slots=True)
class Name:
    """One licence, with its exception where it has one."""

    licence: str
    exception: str = ""

    def __str__(self) -> str:
        return f"{self.licence} WITH {self.exception}" if self.exception else self.licence

    @property
    def texts(self) -> tuple[str, ...]:
        """By what it may be called: itself, and where SPDX has deprecated its name, the newer one.

        With an exception it can be meant as a whole, and by its licence alone.
        """
        newer: tuple[str, ...] = ()
        if GNU.fullmatch(self.licence):
            newer = (f"{self.licence[:-1]}-or-later" if self.licence.endswith("+") else f"{self.licence}-only",)
        names = (self.licence, *newer)
        return (*(f"{name} WITH {self.exception}" for name in names), *names) if self.exception else names


@dataclass(frozen=True, slots=True)
class Both:
    """``AND``: all of them hold."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """``OR``: whoever gets the software chooses one of them."""

    items: tuple[Expression, ...]


Expression = Name | Both | Either


def parse(canonical: str) -> Expression:
    """The tree of an expression that has no faults, as ``canonicalize_license_expression`` of packaging gives it."""
    words = re.findall(r"[()]|[^\s()]+", canonical)
    tree, end = _either(words, 0)
    if end != len(words):
        raise ValueError(f"not a canonical licence expression: {canonical!r}")
    return tree


def _either(words: list[str], start: int) -> tuple[Expression, int]:
    items, end = _joined(words, start, "OR")
    return (items[0] if len(items) == 1 else Either(items)), end


def _both(words: list[str], start: int) -> tuple[Expression, int]:
    items, end = _joined(words, start, "AND")
    return (items[0] if len(items) == 1 else Both(items)), end


def _joined(words: list[str], start: int, word: str) -> tuple[tuple[Expression, ...], int]:
    inner = _both if word == "OR" else _single
    first, end = inner(words, start)
    items = [first]
    while words[end : end + 1] == [word]:
        item, end = inner(words, end + 1)
        items.append(item)
    return tuple(items), end


def _single(words: list[str], start: int) -> tuple[Expression, int]:
    if words[start] == "(":
        tree, end = _either(words, start + 1)
        return tree, end + 1
    if words[start + 1 : start + 2] == ["WITH"]:
        return Name(words[start], words[start + 2]), start + 3
    return Name(words[start]), start + 1
