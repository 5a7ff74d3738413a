"""The features of Kconfig's symbols and choices, and what the level of a symbol outside choices is bound by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sarto.errors import SartoError
from sarto.model.expression import FeatureReference

from .amounts import cases_of
from .language import k
from .levels import NEVER, Level, level_of, lower, upper
from .logic import Formula, both, chosen, either, implies, negated
from .values import Amount, Decided, compared, unclear

__all__ = ["Meaning", "is_logical"]

LOGICAL = (k.BOOL, k.TRISTATE)


def is_logical(item: Any) -> bool:
    """Whether a symbol is a bool or a tristate."""
    return item.orig_type in LOGICAL


@dataclass(slots=True)
class Meaning:
    """The names of the features that stand for symbols and choices, and what follows.

    ``modules`` has the features that say "as a module", of those tristates and choices that can be that; ``values``
    the values, found so far, of symbols that have some.
    """

    kconfig: Any
    names: dict[Any, str] = field(default_factory=dict)
    modules: dict[Any, str] = field(default_factory=dict)
    values: dict[Any, dict[Amount, Formula]] = field(default_factory=dict)

    def level(self, expression: Any) -> Level:
        """The level of an expression."""
        return level_of(expression, self.item, self._relation)

    def item(self, item: Any) -> Level:
        """The level of a symbol, a constant or a choice."""
        if item in self.names and (isinstance(item, k.Choice) or is_logical(item)):
            some = FeatureReference(self.names[item])
            if item in self.modules:
                return Level(some, both(some, negated(FeatureReference(self.modules[item]))))
            return Level(some, some)
        if isinstance(item, k.Symbol) and item.is_constant and item.name in ("m", "y"):
            return Level(True, item.name == "y")
        return NEVER

    def visibility(self, item: Any) -> Level:
        """How far the user has a say: the highest level of the prompts' conditions."""
        level = self.shown(item)
        if item not in self.modules:
            return Level(level.some, level.some)
        off = negated(self.level(self.kconfig.modules).some)
        return Level(level.some, either(level.full, both(level.some, off)))

    def shown(self, item: Any) -> Level:
        """The highest level of the prompts' conditions, as they stand there."""
        level = NEVER
        for node in item.nodes:
            if node.prompt:
                level = upper(level, self.level(node.prompt[1]))
        return level

    def rules(self, symbol: Any) -> Iterator[Formula]:
        """What the value of a symbol outside choices is bound by.

        A visible symbol is as its user wants, up to its visibility, or as its default says; an invisible one is as
        its default says; selects lift it; m becomes y where there are no modules or an imply says y.
        """
        own, visible, default = self.item(symbol), self.visibility(symbol), self._default(symbol)
        selected = self.level(symbol.rev_dep)
        yield implies(negated(own.some), both(negated(selected.some), either(visible.some, negated(default.some))))
        if symbol not in self.modules:
            yield implies(own.some, either(selected.some, visible.some, default.some))
            return
        lifted = either(negated(self.level(self.kconfig.modules).some), self.level(symbol.weak_rev_dep).full)
        is_m = both(
            negated(selected.full),
            either(
                both(selected.some, either(visible.some, negated(default.full))),
                visible.some,
                both(default.some, negated(default.full)),
            ),
        )
        yield implies(both(own.some, negated(own.full)), both(is_m, negated(lifted)))
        yield implies(own.full, either(selected.full, visible.full, default.full, both(is_m, lifted)))

    def _default(self, symbol: Any) -> Level:
        """The level of the first default whose condition holds, lifted by implies."""
        level = NEVER
        for value, condition in reversed(symbol.defaults):
            given = self.level(condition)
            here = lower(self.level(value), given)
            level = _chosen(given.some, here, level)
        implied = self.level(symbol.weak_rev_dep)
        met = self.level(symbol.direct_dep).some
        return upper(level, lower(implied, Level(met, met)))

    def _relation(self, relation: Any) -> Formula:
        """The truth of a comparison, case by case. Raises SartoError for what a feature model has no words for."""
        operator, left, right = relation
        truth: Formula = False
        for one, first in cases_of(self, left).items():
            for other, second in cases_of(self, right).items():
                here = both(first, second)
                if here is False:
                    continue
                holds = compared(operator, one, other)
                if holds is None:
                    raise _incomparable(left if isinstance(one, Decided) else right, k.expr_str(relation))
                truth = either(truth, both(here, holds))
        return truth

    def present(self, symbol: Any) -> Formula:
        """The feature of a symbol with a value, or False where it has none."""
        return FeatureReference(self.names[symbol]) if symbol in self.names else False


def _incomparable(symbol: Any, text: str) -> SartoError:
    what = f"'{text}' compares '{symbol.name}' in a way that a feature model has no words for"
    return unclear(
        symbol,
        what,
        "compare numbers with numbers, and strings with texts that are neither numbers nor n, m or y",
    )


def _chosen(given: Formula, here: Level, otherwise: Level) -> Level:
    some = chosen(given, here.some, otherwise.some)
    if here.some is here.full and otherwise.some is otherwise.full:
        return Level(some, some)
    return Level(some, chosen(given, here.full, otherwise.full))
