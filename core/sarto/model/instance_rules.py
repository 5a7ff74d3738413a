"""Constraints where instances are written out: what each means in which instance, over the names of the instances."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial, reduce

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
from .feature import Constraint, Copied
from .feature_model import FeatureModel, attribute_value
from .instance_bounds import Scope, is_several
from .kinds import is_sum_of_values

__all__ = ["InstanceRules"]


@dataclass(slots=True)
class InstanceRules:
    """Rewrites the constraints of a model. ``suffixes`` are those of the instances in each scope."""

    model: FeatureModel
    scopes: Mapping[str, Scope]
    suffixes: Mapping[Scope, Sequence[str]]
    _texts: dict[tuple[str, str], Value] = field(default_factory=dict)

    def copies(self, index: int, constraint: Constraint) -> Iterator[Constraint]:
        """The constraint in each instance in which it is demanded.

        Those are the instances of the innermost feature below which all is that the constraint names; or, where it
        uses values of typed features that may be there several times, those in which these have one value. Raises
        SartoError, with the constraint's place, where there is no such instance.
        """
        scope = self._scope(constraint)
        for node in postorder(constraint.expression):
            if isinstance(node, Aggregate) and node.function == "avg" and node.under:
                self._refuse_average(node.under, scope, constraint)
        if scope not in self.suffixes:  # there is no instance in which it could be broken
            nowhere = Not(FeatureReference(scope[-1]))
            yield replace(constraint, expression=nowhere, origin=Copied(constraint, index))
        for suffix in self.suffixes.get(scope, ()):
            renamed = fold(constraint.expression, partial(self._renamed, scope, suffix))
            instance = scope[-1] + suffix if scope else ""
            if instance:
                renamed = Implies(FeatureReference(instance), renamed)
            yield replace(constraint, expression=renamed, origin=Copied(constraint, index, instance))

    def attributes(self) -> Iterator[tuple[str, str, Value]]:
        """The texts that constraints read of features that say whether any instance is there: feature, name, value."""
        return ((name, attribute, value) for (name, attribute), value in self._texts.items())

    def _own(self, name: str) -> Scope:
        """The scope inside one instance of the feature."""
        return (*self.scopes[name], name) if is_several(self.model.features[name]) else self.scopes[name]

    def _scope(self, constraint: Constraint) -> Scope:
        """In whose instances the constraint is demanded."""
        expression = constraint.expression
        found = () if constraint.of_whole else _shared([self.scopes[name] for name in features_in(expression)])
        valued = list(self._valued(expression))
        for name in valued:
            if len(self._own(name)) > len(found):
                found = self._own(name)
        for name in valued:
            if self._own(name) != found[: len(self._own(name))]:
                raise SartoError(
                    f"'{name}' may be there several times, so it has no one value here", where=constraint.where,
                    hint="compare values only inside one instance, or name the values as attributes and use sum(…)",
                )  # fmt: skip
        return found

    def _valued(self, expression: Expression) -> Iterator[str]:
        """The typed features whose values the expression uses."""
        for node in postorder(expression):
            if isinstance(node, Compare | Arithmetic | Function):
                for below in children(node):
                    if isinstance(below, FeatureReference) and self.model.features[below.name].type is not None:
                        yield below.name

    def _refuse_average(self, under: str, scope: Scope, constraint: Constraint) -> None:
        if self.scopes[under] != scope[: len(self.scopes[under])]:
            raise SartoError(
                f"'{under}' may be there several times, so it has no one average here", where=constraint.where,
                hint="use sum(…) over all instances, or name only features below the same instance",
            )  # fmt: skip

    def _seen(self, name: str, scope: Scope, suffix: str) -> tuple[str, bool]:
        """How a feature is called, seen from an instance, and whether that is one single copy of it.

        What is in an instance that holds this one is the copy there; of anything else it is whether any is there.
        """
        own = self._own(name)
        common = len(_shared([own, scope]))
        numbers = suffix.removeprefix("#").split(".")[:common] if suffix else []
        return name + (f"#{'.'.join(numbers)}" if numbers else ""), common == len(own)

    def _renamed(self, scope: Scope, suffix: str, node: Expression, parts: tuple[Expression, ...]) -> Expression:
        match node:
            case FeatureReference(name):
                return FeatureReference(self._seen(name, scope, suffix)[0])
            case AttributeReference(name, attribute):
                return self._attribute(name, attribute, *self._seen(name, scope, suffix))
            case Aggregate(function, attribute, str(under)):
                return self._summed(function, attribute, under, scope, suffix)
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
        self._texts[seen, f"#{attribute}"] = value
        return AttributeReference(seen, f"#{attribute}")

    def _sum_of_values(self, name: str) -> Expression:
        values: list[Expression] = [FeatureReference(name + each) for each in self.suffixes.get(self._own(name), ())]
        return reduce(partial(Arithmetic, "+"), values) if values else Number(0)

    def _summed(self, function: str, attribute: str, under: str, scope: Scope, suffix: str) -> Expression:
        """Over what is below ``under``; where that is there several times, below each of them that is seen."""
        seen, _ = self._seen(under, scope, suffix)
        own, common = self.scopes[under], _shared([self.scopes[under], scope])
        if own == common:
            return Aggregate(function, attribute, seen)
        within = seen[len(under) :] + "." if len(seen) > len(under) else "#"
        total: Expression = Number(0)
        for number in self.suffixes.get(own, ()):
            if number.startswith(within):
                total = Arithmetic("+", total, Aggregate(function, attribute, under + number))
        return total


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
