"""Constraints where instances are written out: what each means in which instance, over the names of the instances."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from itertools import combinations, product
from math import prod

from ..errors import SartoError
from .expression import (
    Aggregate,
    And,
    Arithmetic,
    AttributeReference,
    Compare,
    Expression,
    FeatureReference,
    Function,
    Iff,
    Implies,
    Not,
    Number,
    Or,
    Value,
    children,
    features_in,
    fold,
    postorder,
)
from .feature import Constraint, Copied, is_several
from .feature_model import FeatureModel, attribute_value
from .instance_bounds import Scope
from .kinds import is_sum_of_values

__all__ = ["InstanceRules"]

MOST_COPIES = 10_000
"""In so many combinations of instances one constraint may be demanded."""

Spot = tuple[tuple[Scope, str], ...]
"""The instances from which a constraint is seen: a scope with the suffix of an instance in it, for each feature whose
values it uses; one with "" for the whole."""


@dataclass(slots=True)
class InstanceRules:
    """Rewrites the constraints of a model. ``suffixes`` are those of the instances in each scope.

    The features ``also`` are dealt with as if they could have several instances.
    """

    model: FeatureModel
    scopes: Mapping[str, Scope]
    suffixes: Mapping[Scope, Sequence[str]]
    also: Collection[str] = ()
    _given: dict[tuple[str, str], Value] = field(default_factory=dict)

    def copies(self, index: int, constraint: Constraint) -> Iterator[Constraint]:
        """The constraint in each instance in which it is demanded.

        Those are the instances of the innermost feature below which all is that the constraint names; or, where it
        uses values of typed features that may be there several times, those in which these have one value: of values in
        the instances of different features, each together with each that is in the same outer instance. Raises
        SartoError, with the constraint's place, where these are too many.
        """
        scopes = self._scopes(constraint)
        missing = [scope for scope in scopes if scope not in self.suffixes]
        if missing:  # there is no instance in which it could be broken
            nowhere = Not(FeatureReference(missing[0][-1]))
            yield replace(constraint, expression=nowhere, origin=Copied(constraint, index))
            return
        for spot in self._spots(scopes, constraint):
            renamed = fold(constraint.expression, partial(self._renamed, spot))
            instances = [scope[-1] + suffix for scope, suffix in spot if scope]
            if instances:
                there = [FeatureReference(instance) for instance in instances]
                renamed = Implies(there[0] if len(there) == 1 else And(tuple(there)), renamed)
            yield replace(constraint, expression=renamed, origin=Copied(constraint, index, ", ".join(instances)))

    def attributes(self) -> Iterator[tuple[str, str, Value]]:
        """What constraints read as attributes that nobody has written: feature, name, value."""
        return ((name, attribute, value) for (name, attribute), value in self._given.items())

    def _own(self, name: str) -> Scope:
        """The scope inside one instance of the feature."""
        is_split = name in self.also or is_several(self.model.features[name])
        return (*self.scopes[name], name) if is_split else self.scopes[name]

    def _spots(self, scopes: Sequence[Scope], constraint: Constraint) -> Iterator[Spot]:
        """The instances of all scopes, of those below the same outer instance each with each."""
        if prod(len(self.suffixes[scope]) for scope in scopes) > MOST_COPIES:
            raise SartoError(
                f"it is demanded in more than {MOST_COPIES} combinations of instances", where=constraint.where,
                hint="lower the upper bounds of the feature cardinalities",
            )  # fmt: skip
        for suffixes in product(*(self.suffixes[scope] for scope in scopes)):
            spot = tuple(zip(scopes, suffixes, strict=True))
            if all(_is_together(one, other) for one, other in combinations(spot, 2)):
                yield spot

    def _scopes(self, constraint: Constraint) -> tuple[Scope, ...]:
        """In whose instances the constraint is demanded, those of none within those of another."""
        expression = constraint.expression
        found = () if constraint.of_whole else _shared([self.scopes[name] for name in features_in(expression)])
        scopes = dict.fromkeys((found, *map(self._own, self._valued(expression))))
        return tuple(one for one in scopes if not any(one != more and one == more[: len(one)] for more in scopes))

    def _valued(self, expression: Expression) -> Iterator[str]:
        """The typed features whose values the expression uses."""
        for node in postorder(expression):
            if isinstance(node, Compare | Arithmetic | Function):
                for below in children(node):
                    if isinstance(below, FeatureReference) and self.model.features[below.name].type is not None:
                        yield below.name

    def _seen(self, name: str, spot: Spot) -> tuple[str, bool]:
        """How a feature is called, seen from an instance, and whether that is one single copy of it.

        What is in an instance that holds this one is the copy there; of anything else it is whether any is there.
        """
        own = self._own(name)
        scope, suffix = _nearest(own, spot)
        common = len(_shared([own, scope]))
        numbers = suffix.removeprefix("#").split(".")[:common] if suffix else []
        return name + (f"#{'.'.join(numbers)}" if numbers else ""), common == len(own)

    def _renamed(self, spot: Spot, node: Expression, parts: tuple[Expression, ...]) -> Expression:
        match node:
            case FeatureReference(name):
                return FeatureReference(self._seen(name, spot)[0])
            case AttributeReference(name, attribute):
                return self._attribute(name, attribute, *self._seen(name, spot))
            case Aggregate(function, attribute, str(under)):
                return self._summed(function, attribute, under, spot)
            case Aggregate(attribute=name) if is_sum_of_values(node, self.model.features):
                return self._sum_of_values(name)
            case _:
                return with_children(node, parts)

    def _attribute(self, name: str, attribute: str, seen: str, is_single: bool) -> Expression:
        """An attribute is the same in every instance: where any is there it counts, once."""
        if is_single:
            return AttributeReference(seen, attribute)
        value = attribute_value(self.model.features[name], attribute)
        if not isinstance(value, str):
            return Arithmetic("*", FeatureReference(seen), Number(value or 0))
        self._given[seen, f"#{attribute}"] = value
        return AttributeReference(seen, f"#{attribute}")

    def _sum_of_values(self, name: str) -> Expression:
        values: list[Expression] = [FeatureReference(name + each) for each in self.suffixes.get(self._own(name), ())]
        return reduce(partial(Arithmetic, "+"), values) if values else Number(0)

    def _summed(self, function: str, attribute: str, under: str, spot: Spot) -> Expression:
        """Over what is below ``under``; where that is there several times, below each of them that is seen."""
        seen, _ = self._seen(under, spot)
        own = self.scopes[under]
        common = _shared([own, _nearest(own, spot)[0]])
        if own == common:
            return Aggregate(function, attribute, seen)
        within = seen[len(under) :] + "." if len(seen) > len(under) else "#"
        numbers = [number for number in self.suffixes.get(own, ()) if number.startswith(within)]
        if function == "avg":
            return self._average(attribute, under, seen, numbers)
        total: Expression = Number(0)
        for number in numbers:
            total = Arithmetic("+", total, Aggregate(function, attribute, under + number))
        return total

    def _average(self, attribute: str, under: str, seen: str, numbers: Sequence[str]) -> Expression:
        """Over what is below several instances: what counts there gets an attribute that nothing else has."""
        key = f"#{attribute} below {seen}"
        for name in self.model.preorder(under):
            value = attribute_value(self.model.features[name], attribute)
            if isinstance(value, bool) or not isinstance(value, int | float):
                continue
            for suffix in self.suffixes.get(self._own(name), ()):
                if any(suffix == number or suffix.startswith(f"{number}.") for number in numbers):
                    self._given[name + suffix, key] = value
        return Aggregate("avg", key)


def _nearest(own: Scope, spot: Spot) -> tuple[Scope, str]:
    """The instance of a spot that has most in common with a place."""
    return max(spot, key=lambda place: len(_shared([own, place[0]])))


def _is_together(one: tuple[Scope, str], other: tuple[Scope, str]) -> bool:
    """Whether two instances are in the same instance of every feature in whose instances both are."""
    common = len(_shared([one[0], other[0]]))
    return one[1].removeprefix("#").split(".")[:common] == other[1].removeprefix("#").split(".")[:common]


def _shared(scopes: Sequence[Scope]) -> Scope:
    if not scopes:
        return ()
    first, last = min(scopes), max(scopes)
    length = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[:length]


def with_children(node: Expression, parts: tuple[Expression, ...]) -> Expression:
    """The node over other operands."""
    match node:
        case Not():
            return Not(parts[0])
        case And():
            return And(parts)
        case Or():
            return Or(parts)
        case Implies():
            return Implies(*parts)
        case Iff():
            return Iff(*parts)
        case Compare(operator):
            return Compare(operator, *parts)
        case Arithmetic(operator):
            return Arithmetic(operator, *parts)
        case Function(name):
            return Function(name, *parts)
        case _:
            return node
