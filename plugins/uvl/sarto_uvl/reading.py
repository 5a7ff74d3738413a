"""From a UVL file to a feature model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sarto.hooks import ModelReading
from sarto.model.feature_model import FeatureModel

from .composition import Composition, compose
from .constraints import read_constraints
from .document import Document
from .faults import Faults
from .loading import load
from .own_words import read_words

__all__ = ["read", "read_text"]


def read(path: Path, strict: bool = False) -> ModelReading:
    """The model in a UVL file and in those that it imports, its features in the order of the tree.

    What published files do and the grammar forbids, but cannot be misunderstood, is a warning, or an
    error where ``strict``. Raises SartoError with the errors of all files together, each with line and
    column; the first hundred, where there are more, and their number.
    """
    faults = Faults(strict)
    return _reading(load(path, faults), faults)


def read_text(text: str, file: str = "", strict: bool = False) -> ModelReading:
    """The model in a UVL text, as :func:`read` would read it from ``file``; imports are looked for beside that."""
    faults = Faults(strict)
    return _reading(load(Path(file), faults, text.encode()), faults)


def _reading(document: Document, faults: Faults) -> ModelReading:
    composition = compose(document, faults)
    _read_words(composition, faults)
    constraints = read_constraints(composition, faults)
    faults.raise_found()
    model = FeatureModel(
        root=composition.root,
        features=composition.features,
        groups=tuple(composition.groups),
        constraints=tuple(constraints),
    )
    if len(composition.instances) > 1:
        model = replace(model, features={name: model.features[name] for name in model.preorder()})
    return ModelReading(model, faults.warnings)


def _read_words(composition: Composition, faults: Faults) -> None:
    for instance in composition.instances:
        document, names = instance.document, instance.names
        for own, words in document.words.items():
            name = f"{names.prefix}{own}"
            if name in composition.features:
                feature = composition.features[name]
                composition.features[name] = read_words(feature, words, names, own == document.root, faults)
