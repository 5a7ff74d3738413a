"""Language levels: what a file that includes some of them may use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sarto.errors import Place
from sarto.model.expression import Aggregate, Arithmetic, AttributeReference, Compare, Function, Text, postorder
from sarto.model.feature import Constraint, GroupKind

from .document import Document
from .faults import Faults

__all__ = ["LEVELS", "check_levels"]

_MAJOR = ("Boolean", "Arithmetic", "Type")
_MINOR = {
    "group-cardinality": "Boolean", "feature-cardinality": "Arithmetic", "aggregate-function": "Arithmetic",
    "string-constraints": "Type",
}  # fmt: skip
LEVELS = (
    *_MAJOR,
    *(f"{major}.*" for major in _MAJOR),
    *(f"{major}.{minor}" for minor, major in _MINOR.items()),
)  # fmt: skip


def check_levels(document: Document, constraints: Sequence[Constraint], faults: Faults) -> None:
    """Note the first use of each level that the file does not include, where it includes any.

    A major level includes those before it (Boolean, Arithmetic, Type), a minor one its major one.
    """
    if document.levels is None:
        return
    majors = [_MAJOR.index(level.partition(".")[0]) for level in document.levels]
    included = set(document.levels) | set(_MAJOR[: max(majors, default=0) + 1])
    for level, what, where in (*_in_tree(document), *(use for rule in constraints for use in _in_rule(rule))):
        major = _MINOR.get(level)
        name = f"{major}.{level}" if major else level
        if name not in included and f"{major}.*" not in included:
            included.add(name)
            faults.oddity(f"level {name}", f"{what} needs the language level {name}", where, hint="include it")


Use = tuple[str, str, Place]


def _in_tree(document: Document) -> Iterator[Use]:
    for group in document.groups:
        if group.kind is GroupKind.CARDINALITY:
            yield "group-cardinality", "a group cardinality", group.where
    for feature in document.features.values():
        if feature.type is not None:
            yield "Type", "a typed feature", feature.where
        if feature.instances is not None:
            yield "feature-cardinality", "a feature cardinality", feature.where


def _in_rule(constraint: Constraint) -> Iterator[Use]:
    where = constraint.where
    for node in postorder(constraint.expression):
        match node:
            case Aggregate(function):
                yield "aggregate-function", f"'{function}'", where
            case Text() | Function("len"):
                yield "string-constraints", "a constraint over texts", where
            case Arithmetic() | Compare() | AttributeReference() | Function():
                yield "Arithmetic", "arithmetic", where
