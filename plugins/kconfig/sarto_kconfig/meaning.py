"""The features of Kconfig's symbols and choices, and what each symbol's value is bound by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sarto.model.expression import FeatureReference

from .language import k
from .levels import NEVER, Level, level_of, lower, upper
from .logic import Formula, both, chosen, either, equivalent, implies, negated
from .values import TURNED, comparison, holds, settled, unclear, within

__all__ = ["Meaning", "is_logical"]

LOGICAL = (k.BOOL, k.TRISTATE)


def is_logical(item: Any) -> bool:
    """Whether a symbol is a bool or a tristate."""
    return item.orig_type in LOGICAL


@dataclass(slots=True)
class Meaning:
    """The names of the features that stand for symbols and choices, and what follows.

    ``modules`` has the features that say "as a module", of those tristates that can be that.
    """

    kconfig: Any
    names: dict[Any, str] = field(default_factory=dict)
    modules: dict[Any, str] = field(default_factory=dict)

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
        level = NEVER
        for node in item.nodes:
            if node.prompt:
                level = upper(level, self.level(node.prompt[1]))
        if item not in self.modules:
            return Level(level.some, level.some)
        off = negated(self.level(self.kconfig.modules).some)
        return Level(level.some, either(level.full, both(level.some, off)))

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

    def choice_rules(self, choice: Any) -> Iterator[Formula]:
        """What a choice is bound by: it is there when it is visible, and then has one of its visible symbols."""
        own, visible = self.item(choice).some, self.visibility(choice).some
        yield implies(own, visible) if choice.is_optional else equivalent(own, visible)
        members = [(self.item(symbol).some, self.visibility(symbol).some) for symbol in choice.syms]
        for member, given in members:
            yield implies(member, given)
        shown = either(*(given for _, given in members))
        yield implies(both(own, shown), either(*(member for member, _ in members)))

    def _relation(self, relation: Any) -> Formula:
        """The truth of a comparison: of levels and constants case by case, of a value by the model's arithmetic."""
        operator, left, right = relation
        for item, other, is_turned in ((left, right, False), (right, left, True)):
            if item.nodes and not is_logical(item):
                text = k.expr_str(relation)
                return self._value_compared(item, TURNED[operator] if is_turned else operator, other, text)
        cases = [
            both(first, second)
            for one, first in self._cases(left)
            for other, second in self._cases(right)
            if holds(operator, one, other)
        ]
        return either(*cases)

    def _cases(self, item: Any) -> Iterator[tuple[int | str, Formula]]:
        """The values of a logical symbol or a constant, and when it has them."""
        if is_logical(item) and not (item.is_constant or not item.nodes):
            yield from self.item(item).states()
        else:
            yield {"n": 0, "m": 1, "y": 2}.get(item.name, item.name) if is_logical(item) else item.name, True

    def _value_compared(self, symbol: Any, operator: Any, other: Any, text: str) -> Formula:
        """A visible symbol has its feature's value, an invisible one that of its first default, or none."""
        if other.nodes:
            raise unclear(symbol, f"'{text}' compares with '{other.name}', whose value is not settled")
        visible = self.present(symbol)
        compared = False if visible is False else comparison(symbol, self.names[symbol], operator, other.name, text)
        hidden = self._settled_compared(symbol, "", operator, other.name)
        for value, condition in reversed(symbol.defaults):
            if value.nodes and not value.is_constant:
                raise unclear(symbol, f"'{text}' needs the default of '{symbol.name}', which is another symbol's value")
            here = self._settled_compared(symbol, value.name, operator, other.name)
            hidden = chosen(self.level(condition).some, here, hidden)
        return chosen(visible, compared, hidden)

    def _settled_compared(self, symbol: Any, default: str, operator: Any, other: str) -> Formula:
        """The truth of a comparison where the value is this default, moved into the range that holds."""
        truth: Formula = holds(operator, settled(symbol, default), other)
        for low, high, condition in reversed(symbol.ranges):
            inside = holds(operator, settled(symbol, default, low, high), other)
            truth = chosen(self.level(condition).some, inside, truth)
        return truth

    def present(self, symbol: Any) -> Formula:
        """The feature of a symbol with a value, or False where it has none."""
        return FeatureReference(self.names[symbol]) if symbol in self.names else False

    def value_rules(self, symbol: Any) -> Iterator[Formula]:
        """What a symbol with a value is bound by: it is there when it is visible, and in the range that holds."""
        own = self.present(symbol)
        yield equivalent(own, self.visibility(symbol).some)
        before: Formula = False
        for low, high, condition in symbol.ranges:
            given = self.level(condition).some
            inside = both(*within(symbol, self.names[symbol], low, high))
            yield implies(both(own, given, negated(before)), inside)
            before = either(before, given)


def _chosen(given: Formula, here: Level, otherwise: Level) -> Level:
    some = chosen(given, here.some, otherwise.some)
    if here.some is here.full and otherwise.some is otherwise.full:
        return Level(some, some)
    return Level(some, chosen(given, here.full, otherwise.full))
