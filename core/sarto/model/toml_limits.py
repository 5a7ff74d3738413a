"""What a features.toml cannot say of a model that came from another format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import Place, SartoError, raise_all
from .expression import Text, postorder
from .feature_model import FeatureModel
from .kinds import constraint_faults, sum_faults
from .names import feature_name_fault
from .values import is_number

__all__ = ["check_writable"]


def check_writable(model: FeatureModel) -> None:
    """Raise SartoError with everything in the model that would not read back from a features.toml."""
    raise_all([*_names(model), *_groups(model), *_attributes(model), *_constraints(model)])


def _names(model: FeatureModel) -> Iterator[SartoError]:
    for name, feature in model.features.items():
        if fault := feature_name_fault(name):
            yield SartoError(f"{fault[0]} in a features.toml", where=feature.where, hint=fault[1])


def _groups(model: FeatureModel) -> Iterator[SartoError]:
    for group in model.groups:
        if not group.members:
            yield SartoError(f"a group of '{group.parent}' has no features", where=group.where)


def _attributes(model: FeatureModel) -> Iterator[SartoError]:
    for name, feature in model.features.items():
        for path in _unwritable(feature.attributes, ""):
            yield SartoError(f"the attribute '{path}' of '{name}' is no value that TOML has", where=feature.where)


def _unwritable(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _unwritable(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _unwritable(item, f"{path}[{index}]")
    elif not isinstance(value, bool | str) and not is_number(value):
        yield path


def _constraints(model: FeatureModel) -> Iterator[SartoError]:
    for constraint in model.constraints:
        where: Place = constraint.where
        for node in postorder(constraint.expression):
            if isinstance(node, Text) and any(char in node.value for char in "'\r\n"):
                yield SartoError(f"the text {node.value!r} cannot be written in a constraint", where=where)
        faults = (constraint_faults, sum_faults)
        for what in (what for find in faults for what in find(constraint.expression, model.features)):
            yield SartoError(what, where=where)
