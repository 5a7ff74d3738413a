"""From a feature model to the text of a FeatureIDE file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sarto.errors import Place
from sarto.hooks import Gathered
from sarto.model.feature import Feature
from sarto.model.feature_model import FeatureModel
from sarto.model.notation import shortened
from sarto.model.toml_writing import model_to_toml

from .attribute_writing import is_hidden, written_attributes
from .attributes import is_writable_text
from .descriptions import PRESERVE, has_plain_layout
from .grouping import Grouping, Rule, grouping_of
from .markup import Markup
from .rule_writing import fault_of, write_at_most_one, write_expression

__all__ = ["leaves_out", "write"]

_MOST_NAMES = 5


def write(model: FeatureModel) -> str:
    """The model as FeatureIDE's XML, with the same features and the same configurations.

    It reads back equal where every feature has one group that is an or or an alternative of several, or
    mandatory and optional ones in turn; other groups become rules, as far as they can. Raises SartoError with
    everything that cannot be written: cardinalities of groups and features, comparisons and arithmetic in
    constraints, names and texts with control characters.
    """
    faults = Gathered()
    text = _Writer(model, faults).write()
    faults.raise_found()
    return text


def leaves_out(model: FeatureModel) -> list[str]:
    """The groups that are written as rules."""
    names = [name for name in model.features if grouping_of(model.groups_under(name), Gathered()).rules]
    if not names:
        return []
    more = f" and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else ""
    return [f"more than one group of a feature; some are rules now, of {', '.join(names[:_MOST_NAMES])}{more}"]


class _Writer:
    """The model in hand, and what its features.toml would say."""

    def __init__(self, model: FeatureModel, faults: Gathered) -> None:
        self.model = model
        self.faults = faults
        self.tables = _tables(model)
        self.attributes: dict[str, list[dict[str, str]]] = {}
        self.rules: list[Rule] = []
        self.markup = Markup()

    def write(self) -> str:
        for feature in self.model.features.values():
            table = self.tables.get(feature.name, {})
            self.attributes[feature.name] = list(written_attributes(feature, table, self.faults))
        outermost = "extendedFeatureModel" if any(self.attributes.values()) else "featureModel"
        self.markup.open(outermost)
        self.markup.open("struct")
        self._tree()
        self.markup.close("struct")
        self.markup.open("constraints")
        self._constraints()
        self.markup.close("constraints")
        self.markup.close(outermost)
        return str(self.markup)

    def _tree(self) -> None:
        work: list[tuple[str, bool, str]] = [(self.model.root, True, "")]
        while work:
            name, is_mandatory, closing = work.pop()
            if closing:
                self.markup.close(closing)
                continue
            feature = self.model.features[name]
            grouping = grouping_of(self.model.groups_under(name), self.faults)
            self.rules += grouping.rules
            self._feature(feature, is_mandatory, grouping)
            if grouping.children:
                work.append((name, False, grouping.tag))
                work += ((child, mandatory, "") for child, mandatory in reversed(grouping.children))

    def _feature(self, feature: Feature, is_mandatory: bool, grouping: Grouping) -> None:
        self._check(feature)
        truths = {"abstract": feature.abstract, "hidden": is_hidden(feature), "mandatory": is_mandatory}
        given = {**{key: "true" for key, is_so in truths.items() if is_so}, "name": feature.name}
        if not (grouping.children or feature.summary or self.attributes[feature.name]):
            self.markup.empty(grouping.tag, given)
            return
        self.markup.open(grouping.tag, given)
        self._description(feature.summary, feature.where)
        for attribute in self.attributes[feature.name]:
            self.markup.empty("attribute", attribute)
        if not grouping.children:
            self.markup.close(grouping.tag)

    def _check(self, feature: Feature) -> None:
        if not feature.name or feature.name.strip() != feature.name or not is_writable_text(feature.name):
            hint = "names have no control characters, and no spaces around them"
            self.faults.error(f"'{shortened(feature.name)}' cannot name a feature in XML", feature.where, hint)
        if feature.instances is not None:
            what = f"FeatureIDE cannot say how many instances '{shortened(feature.name)}' has"
            self.faults.error(what, feature.where)

    def _description(self, text: str, where: Place) -> None:
        if not text:
            return
        if not is_writable_text(text):
            self.faults.error("XML has no control characters, and this text has", where)
        self.markup.text("description", f"\n{text}\n", None if has_plain_layout(text) else dict([PRESERVE]))

    def _constraints(self) -> None:
        for rule in self.rules:
            because = f"A group of '{rule.group.parent}': a feature has one group in FeatureIDE."
            if rule.is_at_least_one:
                self._open_rule(because, rule.group.where)
                write_expression(rule.at_least_one, self.markup)
                self.markup.close("rule")
            if rule.is_at_most_one:
                self._open_rule(because, rule.group.where)
                write_at_most_one(rule.group.members, self.markup)
                self.markup.close("rule")
        for constraint in self.model.constraints:
            what = fault_of(constraint.expression)
            if what:
                hint = "its rules are of features and logic alone"
                self.faults.error(f"FeatureIDE has no {what} in rules", constraint.where, hint)
                continue
            self._open_rule(constraint.because, constraint.where)
            write_expression(constraint.expression, self.markup)
            self.markup.close("rule")

    def _open_rule(self, because: str, where: Place) -> None:
        self.markup.open("rule")
        self._description(because, where)


def _tables(model: FeatureModel) -> dict[str, dict[str, Any]]:
    """What the features' tables in features.toml would say beside their attributes."""
    features = {name: replace(feature, attributes={}) for name, feature in model.features.items()}
    tables: dict[str, dict[str, Any]] = model_to_toml(replace(model, features=features, constraints=()))["features"]
    return tables
