"""Whether a selection speaks only of what its model knows, whatever follows from it."""

from __future__ import annotations

from ..errors import Place, SartoError, did_you_mean, raise_all
from ..model.expression import Value
from ..model.feature import Feature
from ..model.feature_model import FeatureModel
from ..model.instance_wishes import count_fault
from ..model.selection import Selection
from ..model.values import misfit

__all__ = ["check_wishes"]


def check_wishes(model: FeatureModel, selection: Selection) -> None:
    """Raise every wish, open feature and preferred attribute that the model does not know."""
    errors: list[SartoError] = []
    for wish in selection.wishes.values():
        feature = model.features.get(wish.feature)
        if feature is None:
            errors.append(_unknown(wish.feature, wish.where, model))
        elif fault := count_fault(wish, model):
            errors.append(SartoError(fault[0], where=wish.where, hint=fault[1]))
        elif problem := _problem(feature, wish.value):
            errors.append(SartoError(problem, where=wish.where))
    errors += [_unknown(name, where, model) for name, where in selection.open.items() if name not in model.features]
    preferred = (*selection.minimise, *selection.maximise)
    attributes = (
        {key for feature in model.features.values() for key in feature.written_attributes} if preferred else set()
    )
    for name in preferred:
        if name.split(".")[0] not in attributes and name not in attributes:
            place = Place(selection.file, "prefer")
            hint = did_you_mean(name, attributes)
            errors.append(SartoError(f"no feature has the attribute '{name}'", where=place, hint=hint))
    raise_all(errors)


def _unknown(name: str, where: Place, model: FeatureModel) -> SartoError:
    return SartoError(f"unknown feature '{name}'", where=where, hint=did_you_mean(name, model.features))


def _problem(feature: Feature, value: Value) -> str:
    """Why a wish cannot be for this value; a typed feature with a default may be wished for with true."""
    return "" if value is True and feature.default is not None else misfit(feature, value)
