"""The ``constraints`` of a FeatureIDE model, and what its rules mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sarto.errors import did_you_mean
from sarto.hooks import Gathered
from sarto.model.expression import And, Expression, FeatureReference, Iff, Implies, Not, Or
from sarto.model.feature import Constraint, Feature
from sarto.model.notation import shortened

from .descriptions import read_description
from .elements import Element

__all__ = ["at_most_one", "read_rules"]

_MOST_HINTS = 10
_LEAST = {"not": 1, "imp": 2, "eq": 2, "conj": 1, "disj": 1, "atmost1": 1}
_MOST = {"not": 1, "imp": 2, "eq": 2}
_BESIDE = ("description", "tags", "graphics")


def read_rules(element: Element, features: Mapping[str, Feature], faults: Gathered) -> list[Constraint]:
    """The constraints of an element with rules; what does not fit goes into ``faults``."""
    return _RuleReader(features, faults).read(element)


class _RuleReader:
    """The features that rules may name, and how many unknown names were met."""

    def __init__(self, features: Mapping[str, Feature], faults: Gathered) -> None:
        self.features = features
        self.faults = faults
        self.unknown: set[str] = set()

    def read(self, element: Element) -> list[Constraint]:
        found = []
        for child in element.children:
            if child.tag != "rule":
                self.faults.error(f"<{shortened(child.tag)}> stands where a <rule> is expected", child.where)
                continue
            constraint = self._rule(child)
            if constraint is not None:
                found.append(constraint)
        return found

    def _rule(self, rule: Element) -> Constraint | None:
        expressions, because = [], ""
        for child in rule.children:
            if child.tag == "description":
                because = read_description(child)
            elif child.tag == "tags":
                self.faults.warning("tags", "the tags of a rule are not kept", child.where)
            elif child.tag not in _BESIDE:
                expressions.append(child)
        if not expressions:
            self.faults.oddity("empty rule", "this rule says nothing", rule.where, hint="take it out")
            return None
        for other in expressions[1:]:
            self.faults.error("a rule has one expression, and this is another", other.where, hint="join them in <conj>")
        expression = self._expression(expressions[0])
        return Constraint(expression, because, rule.where) if expression is not None else None

    def _expression(self, outermost: Element) -> Expression | None:
        """The meaning of an element of any depth, from the leaves up; None where something in it is wrong."""
        results: list[Expression | None] = []
        work: list[tuple[Element, bool]] = [(outermost, False)]
        while work:
            element, is_open = work.pop()
            if element.tag == "var":
                results.append(self._variable(element))
            elif not is_open:
                work.append((element, True))
                work += ((child, False) for child in reversed(element.children))
            else:
                start = len(results) - len(element.children)
                operands = results[start:]
                del results[start:]
                results.append(self._connected(element, operands))
        return results[0]

    def _variable(self, element: Element) -> Expression | None:
        for name in (element.text, element.text.strip()):
            if name in self.features:
                return FeatureReference(name)
        hint = ""
        if name not in self.unknown and len(self.unknown) < _MOST_HINTS:
            self.unknown.add(name)
            hint = did_you_mean(name, self.features)
        self.faults.error(f"unknown feature '{shortened(name)}'", element.where, hint)
        return None

    def _connected(self, element: Element, operands: Sequence[Expression | None]) -> Expression | None:
        tag, count = element.tag, len(operands)
        if tag not in _LEAST:
            hint = f"it is one of var, {', '.join(_LEAST)}"
            self.faults.error(f"<{shortened(tag)}> is no operator of a rule", element.where, hint)
            return None
        if not _LEAST[tag] <= count <= _MOST.get(tag, count):
            number = f"{'at least ' if tag not in _MOST else ''}{_LEAST[tag]}"
            self.faults.error(f"<{tag}> has {count} operands, and needs {number}", element.where)
            return None
        known = tuple(operand for operand in operands if operand is not None)
        return _meaning(tag, known) if len(known) == count else None


def _meaning(tag: str, operands: tuple[Expression, ...]) -> Expression:
    match tag:
        case "not":
            return Not(operands[0])
        case "imp":
            return Implies(operands[0], operands[1])
        case "eq":
            return Iff(operands[0], operands[1])
        case "atmost1":
            return at_most_one(operands)
    if len(operands) == 1:
        return operands[0]
    return And(operands) if tag == "conj" else Or(operands)


def at_most_one(operands: tuple[Expression, ...]) -> Expression:
    """At most one of the operands holds, by halves: never one of each, and at most one in each.

    The size grows with n log n. Of a single operand it is a tautology.
    """
    if len(operands) == 1:
        return Implies(operands[0], operands[0])
    parts: list[Expression] = []
    work = [operands]
    while work:
        some = work.pop()
        if len(some) > 1:
            left, right = some[: len(some) // 2], some[len(some) // 2 :]
            parts.append(Not(And((_any(left), _any(right)))))
            work += (right, left)
    return And(tuple(parts)) if len(parts) > 1 else parts[0]


def _any(operands: tuple[Expression, ...]) -> Expression:
    return Or(operands) if len(operands) > 1 else operands[0]
