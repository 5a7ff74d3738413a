"""In words: what a part relies on that need not be there, in which selection it is not, and what would mend it."""

from __future__ import annotations

import json

from ..errors import Place
from ..model.feature_model import FeatureModel
from ..model.names import key_text
from ..model.notation import spelled
from ..solve.soundness import Finding, Severity
from ..solve.words import shown
from .interaction_words import selection_in_words
from .reliance import HookRelied, ImportRelied

__all__ = ["hook_finding", "import_finding"]

KIND = "reliance"


def import_finding(model: FeatureModel, found: ImportRelied, where: Place) -> Finding:
    """An import that fails in some product: an error where its plugin then cannot be imported, else a warning."""
    name, version = found.part
    what = (
        f"{_whose(found.feature)}: part '{name}' {version} imports '{found.wanted.module}' ({found.at}), which "
        f"{_only(found.others)}, and the feature model does not say that it is there"
    )
    severity = Severity.ERROR if found.is_fatal else Severity.WARNING
    hint = f"{_promise(model, found.feature, found.others)}, or let the import fail: try … except ImportError"
    return Finding(severity, KIND, what, where, (selection_in_words(found.meeting.selection),), hint)


def hook_finding(model: FeatureModel, found: HookRelied, where: Place) -> Finding:
    """An implementation that is never called in some product: a warning in the vendor's own part, else a note.

    It does no harm: plugins of the index implement hooks of others that a product may lack.
    """
    step, implementation = found.step, found.implementation
    at = f" ({implementation.at})" if implementation.at else ""
    part = f"part '{step.part.name}' {step.part.version}"
    what = (
        f"{_whose(found.feature)}: {part} implements '{implementation.hook}'{at}, a hook that {_only(found.others)}, "
        "and the feature model does not say that it is there"
    )
    severity = Severity.NOTE if step.part.url else Severity.WARNING
    promise = f"{_promise(model, found.feature, found.others)}, or " if found.can_meet else ""
    hint = f"{promise}mark it with optionalhook=True"
    return Finding(severity, KIND, what, where, (selection_in_words(found.meeting.selection),), hint)


def _whose(feature: str) -> str:
    return f"feature {shown(feature)}" if feature else "the core"


def _only(others: tuple[str, ...]) -> str:
    names = [shown(name) for name in others]
    if len(names) == 1:
        return f"only feature {names[0]} brings"
    return f"only the features {', '.join(names[:-1])} and {names[-1]} bring"


def _promise(model: FeatureModel, feature: str, others: tuple[str, ...]) -> str:
    """What the line could say so that it is there."""
    if feature and len(others) == 1:
        return f"promise it: requires = {json.dumps(list(others), ensure_ascii=False)} in features.{key_text(feature)}"
    rule = " | ".join(spelled(name) for name in others)
    rule = f"{spelled(feature or model.root)} => {rule}"
    return f"promise it: [[constraints]] rule = {json.dumps(rule, ensure_ascii=False)}"
