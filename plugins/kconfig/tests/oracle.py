"""Every configuration of a small Kconfig file twice: by kconfiglib, trying all, and by the model that Sarto reads."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import kconfiglib as k  # type: ignore[import-untyped]  # it has neither stubs nor py.typed
from pysat.solvers import Solver
from sarto.model.feature_model import FeatureModel
from sarto.solve.encoding import encode
from sarto.solve.values import domains_of

Levels = frozenset[tuple[str, int]]


def by_kconfiglib(path: Path) -> set[Levels]:
    """The values of all symbols after each way in which a user can set them."""
    kconfig = k.Kconfig(str(path), warn=False)
    free = [symbol for symbol in kconfig.unique_defined_syms if not symbol.choice and is_settable(symbol)]
    choices = kconfig.unique_choices
    ways: list[list[Any]] = [[None, 0, 1, 2] if symbol.orig_type == k.TRISTATE else [None, 0, 2] for symbol in free]
    ways += [[(mode, symbol) for mode in (None, 0, 2) for symbol in (None, *choice.syms)] for choice in choices]
    found = set()
    for way in product(*ways):
        kconfig.unset_values()
        for symbol, value in zip(free, way, strict=False):
            if value is not None:
                symbol.set_value(value)
        for choice, (mode, selected) in zip(choices, way[len(free) :], strict=True):
            if selected is not None:
                selected.set_value(2)
            if mode is not None:
                choice.set_value(mode)
        found.add(frozenset((symbol.name, symbol.tri_value) for symbol in logical(kconfig)))
    return found


def is_settable(symbol: Any) -> bool:
    """Whether a symbol is a bool or tristate with a prompt."""
    return symbol.orig_type in (k.BOOL, k.TRISTATE) and any(node.prompt for node in symbol.nodes)


def logical(kconfig: Any) -> Iterator[Any]:
    """The bools and tristates."""
    return (symbol for symbol in kconfig.unique_defined_syms if symbol.orig_type in (k.BOOL, k.TRISTATE))


def by_model(model: FeatureModel, path: Path) -> set[Levels]:
    """The values that the model's configurations mean for the symbols."""
    kconfig = k.Kconfig(str(path), warn=False)
    formula = encode(model, domains_of(model, {}))
    with Solver("m22", bootstrap_with=formula.clauses) as solver:
        solutions = [set(solution) for solution in solver.enum_models()]
    variables = formula.variables

    def level(name: str, solution: set[int]) -> int:
        if variables[name] not in solution:
            return 0
        module = variables.get(f"{name}_MODULE")
        return 1 if module is not None and module in solution else 2

    return {
        frozenset((symbol.name, level(symbol.name, solution)) for symbol in logical(kconfig)) for solution in solutions
    }
