"""A line as the API shows it: what it is, its tree one level at a time, and what a search finds."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

from sarto.errors import SartoError
from sarto.line import ProductLine
from sarto.model.expression import Value
from sarto.model.feature import Feature, Group, is_endless
from sarto.model.instance_bounds import bounded
from sarto.model.instance_room import instances_said
from sarto.model.instance_wishes import with_instances
from sarto.model.prices import quote_of, quote_to_data
from sarto.model.selection import Selection
from sarto.model.selection_check import check_selection
from sarto.solve.choices import Choice, Choices

from .problems import Code, not_found

__all__ = ["OfferedLine"]

LANGUAGES = ("en", "it", "tr")
WIDER = 16
"""So many lines with more instances are kept, beside those that rooms are in."""
MOST_INSTANCES, MOST_FEATURES = 500, 5_000
"""So many instances of one feature are written out for a selection, and so many features in all, or it is refused."""


class OfferedLine:
    """A product line on offer: everything about it that never changes while it is served, shared by all rooms.

    Where it ``has_any_number`` of instances of a feature, ``width`` tells how many more than usual are written out.
    """

    def __init__(self, line: ProductLine, width: tuple[tuple[str, int], ...] = ()) -> None:
        self.line = line
        self.width = width
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
        self.has_any_number = any(map(is_endless, line.written.model.features.values()))
        self._wider: OrderedDict[tuple[tuple[str, int], ...], OfferedLine] = OrderedDict()

    def with_room_for(self, selection: Selection) -> OfferedLine:
        """The line with as many instances written out as the selection speaks of, and at least one more of each.

        That is this one where it has them. Raises SartoError where they are more than a server writes out.
        """
        if not self.has_any_number:
            return self
        written = self.line.written.model
        said = instances_said(written, selection)
        there = {
            name: feature.instances or (0, 0)
            for name, feature in bounded(written, is_cut_off=False, said={}).features.items()
        }
        if all(number < (there[name][1] or 0) for name, number in said.items()):
            return self
        for name, number in said.items():
            if number > MOST_INSTANCES:
                raise _too_many(f"{number:,} instances of '{name}', more than the {MOST_INSTANCES:,}")
            if number * sum(1 for _ in written.preorder(name)) > MOST_FEATURES:
                raise _too_many(
                    f"{number:,} instances of '{name}', which have more than the {MOST_FEATURES:,} features"
                )
        line = self.line.of(selection)
        if len(line.model.features) > max(MOST_FEATURES, len(self.model.features)):
            count = f"{len(line.model.features):,} features with all its instances, more than the {MOST_FEATURES:,}"
            raise _too_many(count)
        width = tuple(sorted(said.items()))
        found = self._wider.pop(width, None) or OfferedLine(line, width)
        self._wider[width] = found
        if len(self._wider) > WIDER:
            self._wider.popitem(last=False)
        return found

    def fitting(self, selection: Selection) -> Selection:
        """The selection with each of its instances by name. Raises SartoError where it does not fit the line."""
        found = with_instances(selection, self.model)
        check_selection(found, self.line.description)
        return found

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


def _too_many(what: str) -> SartoError:
    hint = "sarto resolve takes it on the command line"
    return SartoError(f"the selection speaks of {what} that are written out here", hint=hint)


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
