"""The feature tree as a list of what begins and ends on the page, one after the other, however deep it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sarto.model.feature import Feature, Group, GroupKind
from sarto.model.feature_model import FeatureModel

from .choices import Choice

__all__ = ["Begin", "Branch", "End", "Leaf", "branches"]

MANY = 200
"""In a larger line, what nobody has begins closed."""


@dataclass(frozen=True, slots=True)
class Begin:
    """A group of children begins: ``rule`` says how many of them there may be, empty where each speaks for itself."""

    rule: str


@dataclass(frozen=True, slots=True)
class End:
    """A group ends, or with ``is_branch`` a feature with children."""

    is_branch: bool = False


@dataclass(frozen=True, slots=True)
class Leaf:
    """A feature without children. ``mark`` is its group's kind, ``kind`` says what is typed or there several times."""

    feature: Feature
    choice: Choice
    mark: str
    kind: str


@dataclass(frozen=True, slots=True)
class Branch(Leaf):
    """A feature with children, which follow, and end."""

    is_open: bool


Step = Begin | End | Leaf | Branch


def branches(model: FeatureModel, chosen: Mapping[str, Choice]) -> Iterator[Step]:
    """The model as written, parents before their children."""
    work: list[Step | str] = [model.root]
    while work:
        next_step = work.pop()
        if not isinstance(next_step, str):
            yield next_step
            continue
        step = _step(model, chosen[next_step])
        yield step
        if isinstance(step, Branch):
            work.append(End(is_branch=True))
            for group in reversed(model.groups_under(next_step)):
                work += [End(), *reversed(group.members), Begin(_rule(group))]


def _step(model: FeatureModel, choice: Choice) -> Leaf:
    feature, group = model.features[choice.name], model.group_of(choice.name)
    mark = str(group.kind) if group else "root"
    if not model.groups_under(choice.name):
        return Leaf(feature, choice, mark, _kind(feature))
    return Branch(feature, choice, mark, _kind(feature), choice.count > 0 or len(model.features) <= MANY)


def _rule(group: Group) -> str:
    match group.kind:
        case GroupKind.ALTERNATIVE:
            return "exactly one of"
        case GroupKind.OR:
            return "at least one of"
        case GroupKind.CARDINALITY if group.minimum == group.maximum:
            return f"exactly {group.minimum} of"
        case GroupKind.CARDINALITY:
            return f"{group.minimum} to {group.maximum} of"
        case _:
            return ""


def _kind(feature: Feature) -> str:
    """``integer 10..1000``, ``1..6 times``."""
    said = []
    if feature.type is not None:
        bounds = feature.minimum, feature.maximum
        limits = "..".join("" if each is None else str(each) for each in bounds)
        said.append(str(feature.type) + (f" {limits}" if bounds != (None, None) else ""))
    if feature.instances is not None:
        least, most = feature.instances
        said.append(f"{least}..{'*' if most is None else most} times")
    return ", ".join(said)
