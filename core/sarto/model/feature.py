"""Features, their groups and the constraints between them, as immutable values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ..errors import Place
from .expression import Expression, Value

__all__ = [
    "Binding", "Constraint", "Copied", "Delivery", "Feature", "Generated", "Group", "GroupKind", "OnFailure", "Stage",
    "ValueType", "is_endless", "is_several",
]  # fmt: skip


class ValueType(StrEnum):
    """The type of a typed feature's value."""

    INTEGER = "integer"
    REAL = "real"
    STRING = "string"


class Stage(StrEnum):
    """Who decides a feature, the earliest first."""

    VENDOR = "vendor"
    CUSTOMER = "customer"
    USER = "user"


class Binding(StrEnum):
    """When a feature can still be switched."""

    BUILD = "build"
    START = "start"
    RUN = "run"


class OnFailure(StrEnum):
    """What a product does when a feature's plugin fails: pass it on, go on without it, or do so after some failures."""

    FAIL = "fail"
    DISABLE = "disable"
    QUARANTINE = "quarantine"


class GroupKind(StrEnum):
    """How many of a group's members a selected parent has: all, any, one or more, exactly one, a range."""

    MANDATORY = "mandatory"
    OPTIONAL = "optional"
    OR = "or"
    ALTERNATIVE = "alternative"
    CARDINALITY = "cardinality"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How a feature reaches a build: its parts (PEP 508 requirements), setting and plugin order.

    ``before`` and ``after`` name features: the hook implementations of this one are called before
    (after) theirs. ``was`` lists the names that the feature had in earlier versions of the line. After so many
    ``failures`` of calls, a plugin is in quarantine, where ``on_failure`` says so. A ``licensed`` feature is on only
    while a licence of the vendor's covers it.
    """

    parts: tuple[str, ...] = ()
    binding: Binding = Binding.BUILD
    setting: str = ""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    was: tuple[str, ...] = ()
    on_failure: OnFailure = OnFailure.FAIL
    failures: int = 3
    licensed: bool = False


NO_DELIVERY = Delivery()
NOWHERE = Place()
NO_ATTRIBUTES: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """Something a customer can have or not have.

    ``type`` is None for a feature without a value. ``default`` is a preference: a bool for a plain
    feature, a value of its type for a typed one, None where the vendor has none. ``attributes`` may
    be nested mappings and lists. ``instances`` is the feature cardinality, (min, max or None for
    no limit); None means one. In a model whose instances are written out, ``copies`` names those that stand for this
    feature, one by one: of one that may be there several times its instances, which are its children.
    """

    name: str
    summary: str = ""
    type: ValueType | None = None
    minimum: int | float | None = None
    maximum: int | float | None = None
    default: Value | None = None
    attributes: Mapping[str, Any] = field(default_factory=lambda: NO_ATTRIBUTES)
    abstract: bool = False
    instances: tuple[int, int | None] | None = None
    stage: Stage = Stage.CUSTOMER
    delivery: Delivery = NO_DELIVERY
    copies: tuple[str, ...] = ()
    where: Place = field(default=NOWHERE, compare=False)

    @property
    def written_attributes(self) -> Mapping[str, Any]:
        """The attributes without those that writing instances out adds for constraints, which have a # in front."""
        if not any(key.startswith("#") for key in self.attributes):
            return self.attributes
        return {key: value for key, value in self.attributes.items() if not key.startswith("#")}


def is_several(feature: Feature) -> bool:
    """Whether the feature may have several instances, or none of any kind."""
    return feature.instances is not None and feature.instances[1] != 1


def is_endless(feature: Feature) -> bool:
    """Whether there may be any number of instances of the feature."""
    return feature.instances is not None and feature.instances[1] is None


@dataclass(frozen=True, slots=True)
class Group:
    """Children of one feature and how many of them it takes.

    ``minimum`` and ``maximum`` say how many of the ``members`` a selected parent has; they follow
    from the kind except for ``CARDINALITY``.
    """

    parent: str
    kind: GroupKind
    members: tuple[str, ...]
    minimum: int = -1
    maximum: int = -1
    where: Place = field(default=NOWHERE, compare=False)

    def __post_init__(self) -> None:
        if self.kind is GroupKind.CARDINALITY:
            return
        size = len(self.members)
        low = size if self.kind is GroupKind.MANDATORY else 0 if self.kind is GroupKind.OPTIONAL else 1
        object.__setattr__(self, "minimum", low)
        object.__setattr__(self, "maximum", 1 if self.kind is GroupKind.ALTERNATIVE else size)


@dataclass(frozen=True, slots=True)
class Copied:
    """Where a constraint of a model with instances written out comes from: the one ``written``, by its place among all.

    ``instance`` is the one in which it is demanded; "" for what is demanded of the whole.
    """

    written: Constraint
    index: int
    instance: str = ""


class Generated(StrEnum):
    """Why a constraint was added where instances were written out: nobody has written it."""

    ORDER = "order"
    """``a => b``: no instance without the one before it."""

    PRESENCE = "presence"
    """``(a => b | c) & (b | c => a)``: a feature is there where one of its copies is."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """A cross-tree constraint, with the sentence that says why it is there.

    One ``of_whole`` speaks of the product as a whole also where all that it names is below a feature with several
    instances. ``origin`` tells where it comes from in a model whose instances are written out.
    """

    expression: Expression
    because: str = ""
    where: Place = field(default=NOWHERE, compare=False)
    of_whole: bool = False
    origin: Copied | Generated | None = field(default=None, compare=False)
