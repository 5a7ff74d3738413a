"""The feature ``optimise`` of Sarto: the best configurations, and arithmetic of any kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sarto.hooks import Optimiser, hookimpl

if TYPE_CHECKING:
    import click
    from sarto.solve.problem import Answer, Problem

__all__ = ["sarto_commands", "sarto_optimisers"]

__version__ = "0.1.0"


@hookimpl
def sarto_optimisers() -> Sequence[Optimiser]:
    """CP-SAT, the constraint solver of OR-Tools."""
    return [Optimiser(name="cp-sat", solve=_solve)]


@hookimpl
def sarto_commands() -> Sequence[click.Command]:
    """``sarto optimise``."""
    from .command import optimise

    return [optimise]


def _solve(problem: Problem, seconds: float) -> Answer:
    from .cp_sat import solve

    return solve(problem, seconds)
