"""The consequences of an answer in a few words: what comes in, what goes out, how the totals move."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ...model.expression import Value
from ...model.feature import Group, GroupKind
from ...model.feature_model import FeatureModel
from ...model.instances import is_any
from ...solve.configurator import Consequences
from ...solve.words import joined
from .state import Answer
from .totals import Totals

__all__ = ["effects_in_words"]


def effects_in_words(
    model: FeatureModel, totals: Totals, before: Mapping[str, Value], answer: Answer, consequences: Consequences
) -> str:
    """``price +400; in: referrer; out: gzip``; empty where nothing follows. ``before`` is what was decided."""
    coming = {name for name, value in answer.wishes.items() if value is not False} | set(consequences.selected)
    going = {name for name, value in answer.wishes.items() if value is False} | set(consequences.excluded)
    after = {**before, **dict.fromkeys(coming, True), **answer.wishes, **dict.fromkeys(going, False)}
    sums, others = totals.of(before), totals.of(after)
    moved = {key: others[key] - sums[key] for key in sums if key in others}
    parts = [f"{key} {'+' if moved[key] > 0 else ''}{totals.in_words(key, moved[key])}" for key in moved if moved[key]]
    beside = set(answer.topic.members) if isinstance(answer.topic, Group) else set()
    selected = [name for name in consequences.selected if not _comes_along(model, name, coming)]
    excluded = [
        name
        for name in consequences.excluded
        if name not in beside and model.parent_of(name) not in going and not is_any(model, name)
    ]
    parts += [f"in: {joined(selected)}"] if selected else []
    parts += [f"out: {joined(excluded)}"] if excluded else []
    return "; ".join(parts)


def _comes_along(model: FeatureModel, name: str, coming: Collection[str]) -> bool:
    """Whether a feature is always there with its parent, which comes in too, or it is said where any instance is."""
    if is_any(model, name):
        return any(copy in coming for copy in model.features[name].copies)
    group = model.group_of(name)
    return group is not None and group.kind is GroupKind.MANDATORY and group.parent in coming
