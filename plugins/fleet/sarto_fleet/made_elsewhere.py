"""Builds that other machines make: each has to be the one that stands in the folder here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from sarto.derive.files import content_of
from sarto.derive.sums import SUMS
from sarto.errors import SartoError
from sarto.orders import Order, Refusal

from .building import Done

__all__ = ["Made", "arrived", "made_elsewhere", "sums_of"]


@dataclass(frozen=True, slots=True)
class Made:
    """What came of an order, and the sums of the build where it was made."""

    result: Done | Refusal
    sums: bytes = b""


def made_elsewhere(order: Order | Refusal, work: Callable[..., Done | Refusal], builds: Path) -> Made:
    """Do the work in the folder ``builds`` of the machine on which this runs."""
    result = work(order, builds=builds)
    return Made(result) if isinstance(result, Refusal) else Made(result, sums_of(builds, result.name))


def arrived(made: Made, file: Path, builds: Path) -> Done | Refusal:
    """The result for the selection's ``file``; a refusal where the folder ``builds`` here has not this build."""
    if isinstance(made.result, Done) and made.sums != sums_of(builds, made.result.name):
        what = f"the build was made on another machine, and is not in the folder '{builds}' of this one"
        return Refusal(file, SartoError(what, hint="the machines need this folder at the same path, on a shared disk"))
    return replace(made.result, file=file)


def sums_of(builds: Path, name: str) -> bytes:
    """The sums of the build of that name, by which it is known; nothing where it is not there."""
    try:
        return content_of(str(builds / name / SUMS))
    except OSError:
        return b""
