"""Models, lines and what is said of wrong ones, from the TOML text of a test."""

from __future__ import annotations

import pytest
from sarto.errors import Place, SartoError
from sarto.model.expression import Expression
from sarto.model.feature_model import FeatureModel
from sarto.model.grammar import parse
from sarto.model.line import LineDescription
from sarto.model.toml_line import model_from_toml, read_line

HEAD = """
[line]
name = "shop"
version = "1"
root = "shop"

[core]
parts = ["shop>=1"]
command = "shop"
"""


def line(text: str, model: FeatureModel | None = None) -> LineDescription:
    """The line ``shop`` with what the text adds to its head."""
    return read_line(HEAD + text, "features.toml", model)


def model(text: str, file: str = "features.toml") -> FeatureModel:
    """The feature model of a text, whose root is ``shop``."""
    return model_from_toml(f'[line]\nroot = "shop"\n{text}', file)


def faults_of_line(text: str, base: FeatureModel | None = None) -> list[str]:
    """What is said of the line ``shop`` with what the text adds to its head, the file's name left out."""
    with pytest.raises(SartoError) as caught:
        line(text, base)
    return [str(error).removeprefix("features.toml: ") for error in caught.value.errors]


def faults_of_model(text: str) -> list[str]:
    """What is said of a feature model, whose root is ``shop``, the file's name left out."""
    with pytest.raises(SartoError) as caught:
        model(text)
    return [str(error).removeprefix("features.toml: ") for error in caught.value.errors]


def expression(text: str, *features: str) -> Expression:
    """An expression over the features; over any where none are given."""
    return parse(text, Place(), features or None)
