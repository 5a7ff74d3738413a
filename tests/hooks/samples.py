"""Plugins without a distribution, and managers with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import pytest
from sarto.derive.plan import Plan
from sarto.errors import SartoError
from sarto.hooks import ModelFormat, ModelReading, Plugin, PluginManager, hookimpl
from sarto.model.feature import Feature
from sarto.model.feature_model import FeatureModel

__all__ = ["ANY_PLAN", "Files", "Uvl", "message", "with_plugins"]

ANY_PLAN = cast("Plan", object())  # the plugins of these tests do not look at it


def read_nothing(path: Path, strict: bool) -> ModelReading:
    return ModelReading(FeatureModel(root="a", features={"a": Feature(name="a")}))


class Uvl:
    @hookimpl
    def sarto_model_formats(self) -> Sequence[ModelFormat]:
        return [ModelFormat(name="uvl", suffixes=(".uvl",), read=read_nothing)]


class Files:
    """A plugin that adds the files it is made with to every build."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files

    @hookimpl
    def sarto_build_files(self) -> Mapping[str, bytes]:
        return self.files


def with_plugins(**implementations: object) -> PluginManager:
    plugins = PluginManager()
    for name, implementation in implementations.items():
        plugins.register(implementation, Plugin(name, f"sarto-{name}", "1.0"))
    return plugins


def message(error: pytest.ExceptionInfo[SartoError]) -> str:
    return str(error.value)
