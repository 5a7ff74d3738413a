"""What the references of a constraint mean in the whole model, and what is decided of those that lead nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sarto.errors import Place, did_you_mean
from sarto.model.expression import Aggregate, AttributeReference, Expression, FeatureReference, Function, Number, fold
from sarto.model.feature import Feature
from sarto.model.feature_model import attribute_value
from sarto.model.grammar import write
from sarto.model.kinds import is_sum_of_values
from sarto.model.notation import shortened

from .composition import Instance
from .faults import Faults
from .rebuilding import rebuilt

__all__ = ["References"]

_NOTHING = Number(0)


class References:
    """The references in the constraints of one file; ``attributes`` remembers which of them any feature has."""

    def __init__(
        self, instance: Instance, features: Mapping[str, Feature], attributes: dict[str, bool], faults: Faults
    ) -> None:
        self.root = instance.document.root
        self.prefix = instance.names.prefix
        self.features = features
        self.attributes = attributes
        self.faults = faults

    def settled(self, expression: Expression, where: Place) -> Expression:
        """The expression under the names of the whole model, with warnings of what is decided in it."""
        return fold(expression, lambda node, operands: self._settled(rebuilt(node, operands), where))

    def _settled(self, node: Expression, where: Place) -> Expression:
        match node:
            case FeatureReference(name):
                return FeatureReference(self.prefix + name)
            case AttributeReference(name, attribute):
                return self._attribute(self.prefix + name, attribute, where)
            case Aggregate():
                return self._aggregate(node, where)
            case Function("len", operand) if operand is _NOTHING:
                return _NOTHING
            case _:
                return node

    def _attribute(self, name: str, attribute: str, where: Place) -> Expression:
        feature = self.features.get(name)
        if feature is None or attribute_value(feature, attribute) is not None:
            return AttributeReference(name, attribute)
        what = f"the feature '{shortened(name)}' has no attribute '{shortened(attribute)}', which counts as 0"
        self.faults.warning("attribute", what, where, did_you_mean(attribute, feature.attributes))
        return _NOTHING

    def _aggregate(self, node: Aggregate, where: Place) -> Expression:
        """A sum in an imported file is over that file; one over a value is over all instances, or is that value."""
        path = node.attribute
        if path not in self.attributes:
            self.attributes[path] = any(
                attribute_value(feature, path) is not None for feature in self.features.values() if feature.attributes
            )
        under = node.under if node.under is not None else self.root if self.prefix else None
        own = replace(node, under=None if under is None else self.prefix + under)
        if self.attributes[path]:
            return own
        if not self.prefix and is_sum_of_values(node, self.features):
            return node
        value = self._value(path) if node.under is None else None
        meaning = "the value of that name itself" if value else "0"
        what = f"no feature has an attribute '{shortened(path)}', so '{shortened(write(node))}' is {meaning}"
        self.faults.warning("aggregate", what, where)
        return value or own

    def _value(self, path: str) -> Expression | None:
        """The feature, or attribute of a feature, that a path leads to."""
        if self.prefix + path in self.features:
            return FeatureReference(self.prefix + path)
        parts = path.split(".")
        for length in range(len(parts) - 1, 0, -1):
            name, attribute = self.prefix + ".".join(parts[:length]), ".".join(parts[length:])
            if name in self.features and attribute_value(self.features[name], attribute) is not None:
                return AttributeReference(name, attribute)
        return None
