"""A line as the API shows it: what it is, its tree one level at a time, and what a search finds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

from sarto.errors import SartoError
from sarto.line import ProductLine
from sarto.model.expression import Value
from sarto.model.feature import Feature, Group
from sarto.model.prices import quote_of, quote_to_data
from sarto.solve.choices import Choice, Choices

from .problems import Code, not_found

__all__ = ["OfferedLine"]

LANGUAGES = ("en", "it", "tr")


class OfferedLine:
    """A product line on offer: everything about it that never changes while it is served, shared by all rooms."""

    def __init__(self, line: ProductLine) -> None:
        self.line = line
        self.model = line.model
        self.choices = Choices(line.model)
        self._has_prices = line.description.prices is not None or any(
            "price" in feature.written_attributes for feature in self.model.features.values()
        )
        given = {each.suffixes[0][1:] if each.suffixes else each.name: each for each in line.plugins.quote_formats()}
        self.quote_formats = tuple(given.items())
        self._sought = [
            (f"{name}\n{self.model.features[name].summary}".casefold(), name) for name in self.choices.order
        ]

    def summary(self) -> dict[str, Any]:
        """The line itself."""
        description = self.line.description
        stages = {"vendor": 0, "customer": 0, "user": 0}
        for feature in self.model.features.values():
            stages[feature.stage.value] += 1
        return {
            "name": description.name,
            "version": description.version,
            "summary": description.summary,
            "root": self.model.root,
            "features": len(self.model.features),
            "has_prices": self._has_prices,
            "currency": description.prices.currency if description.prices else "",
            "languages": list(LANGUAGES),
            "roles": ["vendor", "customer"],
            "quote_formats": [*(ending for ending, _ in self.quote_formats), "json"] if self._has_prices else [],
            "stages": stages,
        }

    def level(self, parent: str) -> dict[str, Any]:
        """The groups under a feature with their members, one level of the tree."""
        return {"parent": parent, "groups": [self._group(group) for group in self.model.groups_under(parent)]}

    def feature(self, name: str) -> dict[str, Any]:
        """All that the line says of a feature."""
        feature = self.model.features[name]
        return {
            "name": name,
            "summary": feature.summary,
            "type": feature.type.value if feature.type else None,
            "minimum": feature.minimum,
            "maximum": feature.maximum,
            "default": feature.default,
            "abstract": feature.abstract,
            "stage": feature.stage.value,
            "attributes": _plain(feature.written_attributes),
            "instances": _instances(feature),
            "has_children": bool(self.model.groups_under(name)),
        }

    def search(self, wanted: str, limit: int) -> dict[str, Any]:
        """The features whose names or summaries have all the words in them, in the order of the tree."""
        words = wanted.casefold().split()
        found: list[str] = []
        for text, name in self._sought:
            if all(word in text for word in words):
                found.append(name)
                if len(found) > limit:
                    break
        return {"found": [self._hit(name) for name in found[:limit]], "more": len(found) > limit}

    def known(self, name: str) -> Feature:
        """A feature by its name. Raises a Problem where the line has none of that name."""
        feature = self.model.features.get(name)
        if feature is None:
            raise not_found("the line has no such feature", Code.NO_FEATURE)
        return feature

    def price(self, choice: Choice) -> dict[str, Any] | None:
        """What the features that are in cost, where the line has prices; None where they come to nothing for these."""
        if not self._has_prices:
            return None
        wishes = choice.wishes
        configuration = {name: self._value(name, wishes.get(name, True)) for name in choice.selected}
        try:
            return quote_to_data(quote_of(self.line.description, configuration))
        except SartoError:
            return None

    def _value(self, name: str, wish: Value) -> Value:
        default = self.model.features[name].default
        return default if wish is True and default is not None and self.model.features[name].type else wish

    def _hit(self, name: str) -> dict[str, Any]:
        path = [*reversed(list(self._above(name)))]
        return {"name": name, "summary": self.model.features[name].summary, "path": path}

    def _above(self, name: str) -> Iterator[str]:
        parent = self.model.parent_of(name)
        while parent is not None:
            yield parent
            parent = self.model.parent_of(parent)

    def _group(self, group: Group) -> dict[str, Any]:
        return {
            "kind": group.kind.value,
            "minimum": group.minimum,
            "maximum": group.maximum,
            "members": [self.feature(name) for name in group.members],
        }


def _instances(feature: Feature) -> dict[str, int | None] | None:
    if feature.instances is None:
        return None
    minimum, maximum = feature.instances
    return {"minimum": minimum, "maximum": maximum}


def _plain(attributes: Mapping[str, object]) -> dict[str, Value]:
    """The attributes that are a truth value, a number or a text; nested ones by their dotted paths."""
    found: dict[str, Value] = {}
    for key, value in attributes.items():
        if isinstance(value, Mapping):
            found |= {f"{key}.{inner}": each for inner, each in _plain(value).items()}
        elif isinstance(value, float) and not isfinite(value):
            found[key] = str(value)  # JSON has no word for it
        elif isinstance(value, bool | int | float | str):
            found[key] = value
    return found
