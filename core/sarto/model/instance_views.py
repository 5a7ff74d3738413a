"""A configuration seen from one instance or from the whole, by the names that the line's own file has for features."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from .expression import Aggregate, Value, exact
from .feature_model import FeatureModel, attribute_value
from .instances import instance_with

__all__ = ["View", "copies_of", "written_names"]


def copies_of(model: FeatureModel, name: str) -> tuple[str, ...]:
    """What stands for a feature in a model with instances written out, in every instance that there may be.

    Of a feature with instances these are its instances; a feature of which there is one is its own copy.
    """
    found: list[str] = []
    work = [name]
    while work:
        each = work.pop()
        copies = model.features[each].copies
        work.extend(reversed(copies))
        if not copies:
            found.append(each)
    return tuple(found)


def written_names(model: FeatureModel) -> Mapping[str, str]:
    """What each copy in a model with instances written out is a copy of, by the name that the line has for it."""
    names: dict[str, str] = {}
    for name, feature in model.features.items():
        names.update(dict.fromkeys(feature.copies, names.get(name, name)))
    return names


@dataclass(frozen=True, slots=True)
class View:
    """A configuration of a model with instances written out, as an expression in a line's own file sees it.

    ``values`` are those of the written-out features; None where one is selected and its value is not known. Seen from
    one ``instance`` of each of the features ``scope``, the outermost first, a name means what is in there; of what is
    in other instances a name says whether any has it, and sums count each.
    """

    model: FeatureModel
    values: dict[str, Value | Decimal | None]
    scope: tuple[str, ...] = ()
    instance: tuple[str, ...] = ()
    _scopes: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)

    def copies(self, name: str) -> Iterator[str]:
        """The selected copies of a feature, in the order of their instances."""
        return (each for each in copies_of(self.model, name) if self.values.get(each, False) is not False)

    def from_copy(self, name: str, copy: str) -> View:
        """The view from the instance in which one copy of a feature is."""
        suffix = copy[len(name) :].removeprefix("#")
        return replace(self, scope=self._scope(name), instance=tuple(suffix.split(".")) if suffix else ())

    def value(self, name: str) -> Value | Decimal | None:
        """A feature's value here: False where it is not selected, None where it is with a value not known."""
        return self.values.get(self._seen(name), False)

    def attribute(self, name: str, attribute: str) -> Value | None:
        """An attribute, where any copy of the feature that is seen from here is selected."""
        if self.value(name) is False:
            return None
        copy = next(iter(copies_of(self.model, self._seen(name))), name)
        return attribute_value(self.model.features[copy], attribute)

    def numbers(self, aggregate: Aggregate) -> list[Fraction] | None:
        """What an aggregate runs over; None where it is the values of a feature and one is not known."""
        name = aggregate.attribute
        if aggregate.under is not None or name not in self.model.features or self._is_attribute(name):
            return list(self._attributes(name, aggregate.under))
        if self.is_undecided(name):
            return None
        values = (self.values[copy] for copy in self.copies(name))
        return [Fraction(exact(value)) for value in values if value is not None]

    def is_undecided(self, name: str) -> bool:
        """Whether a feature is selected, anywhere, with a value that is not known."""
        return name in self.model.features and any(self.values[copy] is None for copy in self.copies(name))

    def _attributes(self, attribute: str, under: str | None) -> Iterator[Fraction]:
        """The numbers that selected features, all or those below one, have as the attribute: one from each copy."""
        starts = [None] if under is None else copies_of(self.model, self._seen(under))
        for start in starts:
            for name in self.model.preorder(start):
                if self.values.get(name, False) is not False:
                    value = attribute_value(self.model.features[name], attribute)
                    if isinstance(value, int | float) and not isinstance(value, bool):
                        yield Fraction(exact(value))

    def _is_attribute(self, name: str) -> bool:
        return any(attribute_value(feature, name) is not None for feature in self.model.features.values())

    def _seen(self, name: str) -> str:
        """What a name means here, in the written-out model."""
        common = 0
        for mine, theirs in zip(self.scope, self._scope(name), strict=False):
            if mine != theirs:
                break
            common += 1
        return f"{name}#{'.'.join(self.instance[:common])}" if common else name

    def _scope(self, name: str) -> tuple[str, ...]:
        """The features with instances in which a feature stands, itself among them, the outermost first."""
        if name not in self._scopes:
            found: list[str] = []
            copy = next(iter(copies_of(self.model, name)), None) if name in self.model.features else None
            instance = instance_with(self.model, copy) if copy is not None and copy != name else None
            while instance is not None:
                found.append(instance[: instance.rindex("#")])
                outer = self.model.parent_of(instance)
                instance = instance_with(self.model, outer) if outer is not None else None
            self._scopes[name] = tuple(reversed(found))
        return self._scopes[name]
