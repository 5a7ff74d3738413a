"""Every configuration of a small Kconfig file twice: by kconfiglib, trying all, and by the model that Sarto reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import kconfiglib as k  # type: ignore[import-untyped]  # it has neither stubs nor py.typed
from pysat.solvers import Solver
from sarto.model.evaluation import is_valid
from sarto.model.expression import Value
from sarto.model.feature_model import FeatureModel
from sarto.model.values import misfit
from sarto.solve.encoding import encode
from sarto.solve.values import domains_of

Levels = frozenset[tuple[str, int]]
Values = frozenset[tuple[str, Value]]


def by_kconfiglib(path: Path) -> set[Levels]:
    """The values of all symbols after each way in which a user can set them."""
    kconfig = k.Kconfig(str(path), warn=False)
    free = [symbol for symbol in kconfig.unique_defined_syms if not symbol.choice and is_settable(symbol)]
    choices = kconfig.unique_choices
    ways: list[list[Any]] = [[None, 0, 1, 2] if symbol.orig_type == k.TRISTATE else [None, 0, 2] for symbol in free]
    ways += [
        [
            (mode, symbol, wanted)
            for mode in ((None, 0, 1, 2) if choice.orig_type == k.TRISTATE else (None, 0, 2))
            for symbol in (None, *choice.syms)
            for wanted in product(*(_ways_as_module(member) for member in choice.syms))
        ]
        for choice in choices
    ]
    found = set()
    for way in product(*ways):
        kconfig.unset_values()
        for symbol, value in zip(free, way, strict=False):
            if value is not None:
                symbol.set_value(value)
        for choice, (mode, selected, wanted) in zip(choices, way[len(free) :], strict=True):
            if selected is not None:
                selected.set_value(2)
            for symbol, value in zip(choice.syms, wanted, strict=True):
                symbol.set_value(value)
            if mode is not None:
                choice.set_value(mode)
        found.add(frozenset((symbol.name, symbol.tri_value) for symbol in logical(kconfig)))
    return found


def _ways_as_module(symbol: Any) -> tuple[int, ...]:
    """What a symbol in a choice is set to beside the selection, which alone counts in mode y."""
    return (0, 1) if symbol.orig_type == k.TRISTATE else (0,)


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


def values_by_kconfiglib(path: Path, settings: Sequence[str]) -> set[Values]:
    """What bools, and the visible numbers and texts, are after each way in which a user sets all of them."""
    kconfig = k.Kconfig(str(path), warn=False)
    symbols = [symbol for symbol in kconfig.unique_defined_syms if any(node.prompt for node in symbol.nodes)]
    found = set()
    for way in product(*((0, 2) if symbol.orig_type == k.BOOL else settings for symbol in symbols)):
        kconfig.unset_values()
        for symbol, value in zip(symbols, way, strict=True):
            symbol.set_value(value)
        reached = dict(_value(symbol) for symbol in kconfig.unique_defined_syms if symbol in symbols or is_bool(symbol))
        if None not in reached.values():
            found.add(frozenset((name, value) for name, value in reached.items() if value is not None))
    return found


def is_bool(symbol: Any) -> bool:
    """Whether a symbol is a bool."""
    return bool(symbol.orig_type == k.BOOL)


def _value(symbol: Any) -> tuple[str, Value | None]:
    """The name and value as a model has them; None is that of a number that is visible and has none."""
    if is_bool(symbol):
        return symbol.name, symbol.tri_value == 2
    if not symbol.visibility:
        return symbol.name, False
    if symbol.orig_type == k.STRING:
        return symbol.name, symbol.str_value
    return symbol.name, int(symbol.str_value, 10 if symbol.orig_type == k.INT else 16) if symbol.str_value else None


def values_by_model(model: FeatureModel, candidates: Sequence[Value]) -> set[Values]:
    """The model's configurations, as far as typed features have one of these values."""
    named = [feature for feature in model.features.values() if feature.name != model.root]
    fitting = {
        feature.name: [
            False, *([True] if feature.type is None else [value for value in candidates if not misfit(feature, value)])
        ]
        for feature in named
    }  # fmt: skip
    ways = (dict(zip(fitting, way, strict=True)) for way in product(*fitting.values()))
    return {frozenset(way.items()) for way in ways if is_valid(model, {model.root: True, **way})}
