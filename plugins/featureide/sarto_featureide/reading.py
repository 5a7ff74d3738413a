"""From a FeatureIDE file to a feature model."""

from __future__ import annotations

from pathlib import Path

from sarto.errors import Place, SartoError
from sarto.hooks import Gathered, ModelReading
from sarto.hooks.reading import read_content
from sarto.model.feature import Constraint
from sarto.model.feature_model import FeatureModel
from sarto.model.notation import shortened

from .elements import Element, scan
from .rules import read_rules
from .tree import GROUPS, read_tree

__all__ = ["read", "read_text"]

_MODELS = ("featureModel", "extendedFeatureModel")
_SILENT = ("properties", "calculations")


def read(path: Path, strict: bool = False) -> ModelReading:
    """The model in a FeatureIDE file.

    What published files do beside the format, but cannot be misunderstood, is a warning, or an error where
    ``strict``. Raises SartoError with all errors of the file together, each with line and column; the first
    hundred, where there are more, and their number. A file that is no XML has one error.
    """
    try:
        content = read_content(path)
    except FileNotFoundError:
        raise SartoError("there is no such file", where=Place(str(path))) from None
    except OSError as error:
        raise SartoError(f"this file cannot be read: {error.strerror}", where=Place(str(path))) from None
    return read_text(content, str(path), strict)


def read_text(content: bytes | str, file: str = "", strict: bool = False) -> ModelReading:
    """The model in the text of a FeatureIDE file, as :func:`read` would read it from ``file``."""
    document = scan(content.encode() if isinstance(content, str) else content, file)
    if document.tag not in _MODELS:
        what = f"this is no model of FeatureIDE: its outermost element is <{shortened(document.tag)}>"
        raise SartoError(what, where=document.where, hint=f"it is <{'> or <'.join(_MODELS)}> there")
    faults = Gathered(strict)
    tree = read_tree(_roots(document, faults), faults)
    constraints: list[Constraint] = []
    for child in document.children:
        if child.tag == "constraints":
            constraints += read_rules(child, tree.features, faults)
    if not tree.root and not faults.count:
        faults.error("this model has no features", document.where, hint="put a root feature into <struct>")
    faults.raise_found()
    model = FeatureModel(
        root=tree.root, features=tree.features, groups=tuple(tree.groups), constraints=tuple(constraints)
    )
    return ModelReading(model, faults.warnings)


def _roots(document: Element, faults: Gathered) -> list[Element]:
    """The elements that are root features: in ``struct``, or without it in old files."""
    found: list[Element] = []
    for child in document.children:
        if child.tag == "struct":
            for inner in child.children:
                if inner.tag in GROUPS:
                    found.append(inner)
                else:
                    what = f"<{shortened(inner.tag)}> stands where a feature is expected"
                    faults.error(what, inner.where, hint=f"a feature is one of {', '.join(GROUPS)}")
        elif child.tag in GROUPS:
            found.append(child)
        elif child.tag == "comments" and child.children:
            faults.warning("comments", "the comments on the model are not kept", child.where)
        elif child.tag == "featureOrder" and child.children:
            faults.warning("order", "the order of the features is not kept", child.where)
        elif child.tag not in (*_SILENT, "constraints", "comments", "featureOrder"):
            faults.oddity(f"model {child.tag}", f"<{shortened(child.tag)}> is nothing that a model has", child.where)
    return found
