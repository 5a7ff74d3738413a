"""Build formats to deliver in, and what a delivery may leave behind."""

from __future__ import annotations

from pathlib import Path

from sarto.derive.plan import Plan

from .making import write


def bundle(_plan: Plan, folder: Path, _output: Path) -> Path:
    """The folder as it is."""
    return folder


def archive(plan: Plan, folder: Path, output: Path) -> Path:
    """A stand-in for a format that makes one file: the names of what it packs."""
    return write(output / f"{plan.name}.txt", "\n".join(sorted(path.name for path in folder.rglob("*"))))


def leftovers(output: Path) -> list[str]:
    """What a builder works in beside the places of builds."""
    return [path.name for path in output.iterdir() if path.name.startswith(".")]
