"""The product's features as flags by the OpenFeature standard; needs openfeature-sdk, which the core then requires.

``openfeature.api.set_provider(FeatureProvider())`` is all that a product does; its code then asks for features as for
any flags, and hears of each switch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from openfeature.evaluation_context import EvaluationContext
from openfeature.event import ProviderEventDetails
from openfeature.exception import ErrorCode
from openfeature.flag_evaluation import FlagResolutionDetails, FlagValueType, Reason
from openfeature.provider import AbstractProvider, Metadata

from .api import product
from .live import listen

__all__ = ["FeatureProvider"]

T = TypeVar("T")


class FeatureProvider(AbstractProvider):
    """Flags are the features of the line: a boolean says whether one is on, other kinds ask for a typed one's value.

    A feature that the line does not have is ``FLAG_NOT_FOUND``, a value of another kind ``TYPE_MISMATCH``; a typed
    feature that is off gives the default with the reason ``DISABLED``.
    """

    def initialize(self, evaluation_context: EvaluationContext) -> None:
        """Listen to switches; called by the SDK. Raises ProductError outside a build."""
        product()
        self._end: Callable[[], None] = listen(self._changed)

    def shutdown(self) -> None:
        """Listen no longer; called by the SDK."""
        self._end()

    def get_metadata(self) -> Metadata:
        """The provider's name."""
        return Metadata(name="Sarto")

    def resolve_boolean_details(
        self, flag_key: str, default_value: bool, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[bool]:
        """Whether the feature is on."""
        value = product().features.get(flag_key)
        if value is None:
            return _unknown(flag_key, default_value)
        return FlagResolutionDetails(value is not False, reason=Reason.STATIC)

    def resolve_string_details(
        self, flag_key: str, default_value: str, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[str]:
        """The value of a feature with a text."""
        return _value(flag_key, default_value, str)

    def resolve_integer_details(
        self, flag_key: str, default_value: int, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[int]:
        """The value of a feature with an integer."""
        return _value(flag_key, default_value, int)

    def resolve_float_details(
        self, flag_key: str, default_value: float, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[float]:
        """The value of a feature with a number."""
        found = _value(flag_key, default_value, (float, int))
        return FlagResolutionDetails(
            float(found.value), reason=found.reason, error_code=found.error_code, error_message=found.error_message
        )

    def resolve_object_details(
        self,
        flag_key: str,
        default_value: Sequence[FlagValueType] | Mapping[str, FlagValueType],
        evaluation_context: EvaluationContext | None = None,
    ) -> FlagResolutionDetails[Sequence[FlagValueType] | Mapping[str, FlagValueType]]:
        """No feature has an object for its value."""
        return _value(flag_key, default_value, ())

    def _changed(self, features: Mapping[str, bool]) -> None:
        self.emit_provider_configuration_changed(ProviderEventDetails(flags_changed=list(features)))


def _unknown(flag: str, default: T) -> FlagResolutionDetails[T]:
    return FlagResolutionDetails(
        default, reason=Reason.ERROR, error_code=ErrorCode.FLAG_NOT_FOUND, error_message=f"no feature '{flag}'"
    )


def _value(flag: str, default: T, kinds: Any) -> FlagResolutionDetails[T]:
    value: Any = product().features.get(flag)
    if value is None:
        return _unknown(flag, default)
    if value is False:
        return FlagResolutionDetails(default, reason=Reason.DISABLED)
    if isinstance(value, bool) or not isinstance(value, kinds):
        said = f"feature '{flag}' has the value {value!r}"
        return FlagResolutionDetails(
            default, reason=Reason.ERROR, error_code=ErrorCode.TYPE_MISMATCH, error_message=said
        )
    return FlagResolutionDetails(value, reason=Reason.STATIC)
