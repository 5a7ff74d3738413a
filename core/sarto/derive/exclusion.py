"""Which features never stand in one build."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache
from itertools import combinations

from ..model.expression import And, Expression, FeatureReference, Implies, Not, Or
from ..model.feature_model import FeatureModel
from ..model.instances import is_any
from ..model.notation import spelled
from ..solve.encoding import encode_skeleton
from ..solve.formula import Formula
from ..solve.session import SatSession
from ..solve.values import domains_of

__all__ = ["at_most_one", "exclusion", "exclusive_pairs", "further_pairs", "keeping_apart", "widened"]

Pair = frozenset[str]
Pairs = Iterable[tuple[str, str]]


def exclusive_pairs(model: FeatureModel, features: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The pairs of ``features`` that no configuration has together, in their order.

    Found are those that a group of at most one member keeps apart, or a constraint that says no more than
    that two features exclude each other, for the features themselves or for those above them. What only follows
    from several constraints is not found.
    """
    apart = {pair for constraint in model.constraints for pair in _excluded(constraint.expression)}
    lines = {name: _with_ancestors(model, name) for name in features}
    return tuple(
        (first, second)
        for first, second in combinations(features, 2)
        if _are_apart(model, lines[first], lines[second], apart)
    )


def exclusion(model: FeatureModel, features: Sequence[str]) -> Callable[[Collection[str]], bool]:
    """Whether no configuration has all of some of the ``features``, asked of one formula, made when it is first needed.

    What is returned raises SartoError for arithmetic that no formula expresses.
    """

    @cache
    def made() -> tuple[Formula, SatSession]:
        formula = encode_skeleton(model, domains_of(model, {}), tuple(features))
        return formula, SatSession.of(formula)

    @cache
    def are_apart(names: frozenset[str]) -> bool:
        formula, session = made()
        return not session.is_possible([formula.variables[name] for name in sorted(names)])

    return lambda names: are_apart(frozenset(names))


def further_pairs(named: Collection[str], known: Collection[tuple[str, str]], pairs: Pairs) -> list[tuple[str, str]]:
    """Those of the ``pairs`` whose features are named and that are not known yet, each :func:`widened`."""
    every = dict.fromkeys(pairs)
    names = dict.fromkeys(name for pair in every for name in pair)
    found: dict[tuple[str, str], None] = {}
    for pair in every:
        if {*pair} <= {*named} and pair not in known and pair not in found:
            wider = widened(pair, names, lambda one, other: (one, other) in every or (other, one) in every)
            found.update(dict.fromkeys(each for each in wider if each not in known))
    return [*found]


def widened(
    pair: tuple[str, str], names: Iterable[str], is_apart: Callable[[str, str], bool]
) -> tuple[tuple[str, str], ...]:
    """The pair, and the pairs that it makes with as many more of the names as exclude each other and both of it.

    Where two members of an alternative need different versions, mostly the others do, too.
    """
    group = {*pair}
    for name in (order := [*names]):
        if name not in group and all(is_apart(name, other) for other in group):
            group.add(name)
    return tuple(combinations([name for name in order if name in group], 2))


def at_most_one(pairs: Pairs) -> tuple[tuple[str, ...], ...]:
    """The pairs as few sets of features any two of which are one: what resolves them forks once for each set."""
    beside: dict[str, dict[str, None]] = {}
    for one, other in pairs:
        beside.setdefault(one, {})[other] = None
        beside.setdefault(other, {})[one] = None
    left = dict.fromkeys(pairs)
    found = []
    while left:
        wider = widened(next(iter(left)), beside, lambda one, other: other in beside[one])
        found.append(tuple(dict.fromkeys(name for pair in wider for name in pair)))
        for one, other in wider:
            left.pop((one, other), None)
            left.pop((other, one), None)
    return tuple(found)


def keeping_apart(model: FeatureModel, features: Sequence[str], without: Sequence[str] = ()) -> str:
    """The constraint, as a line's file has it, that leaves no configuration with all the features, two or more.

    Where there are features ``without`` which alone it shall be none, any number of others may be named. Of features
    that all stand in instances it speaks in each of these alone; with the root among them, it speaks of the whole.
    """
    is_inside = all(is_any(model, name) for name in (*features, *without))
    names = [spelled(name) for name in (*([model.root] if is_inside else ()), *features)]
    if without:
        rule = " => ".join(filter(None, (" & ".join(names), " | ".join(map(spelled, without)))))
    else:
        rule = f"{names[0]} => !{names[1]}" if len(names) == 2 else f"!({' & '.join(names)})"
    return f"[[constraints]] rule = {json.dumps(rule, ensure_ascii=False)}"


def _with_ancestors(model: FeatureModel, name: str) -> tuple[str, ...]:
    found = [name]
    while parent := model.parent_of(found[-1]):
        found.append(parent)
    return tuple(found)


def _are_apart(model: FeatureModel, first: Sequence[str], second: Sequence[str], apart: set[Pair]) -> bool:
    for one in first:
        group = model.group_of(one)
        for other in second:
            if one == other:
                break
            if Pair((one, other)) in apart:
                return True
            if group is not None and group.maximum == 1 and other in group.members:
                return True
    return False


def _excluded(expression: Expression) -> Iterator[Pair]:
    """The pairs that an expression by itself keeps apart."""
    match expression:
        case And(operands):
            for operand in operands:
                yield from _excluded(operand)
        case Implies(FeatureReference(name), right):
            yield from (Pair((name, other)) for other in _negated(right))
        case Or((Not(FeatureReference(one)), Not(FeatureReference(other)))):
            yield Pair((one, other))
        case Not(And((FeatureReference(one), FeatureReference(other)))):
            yield Pair((one, other))


def _negated(expression: Expression) -> Iterator[str]:
    match expression:
        case Not(FeatureReference(name)):
            yield name
        case And(operands):
            for operand in operands:
                yield from _negated(operand)
        case Not(Or(operands)):
            yield from (operand.name for operand in operands if isinstance(operand, FeatureReference))
