"""Features that cannot be built together, in words."""

from __future__ import annotations

from ..errors import Place
from ..model.line import LineDescription
from ..solve.soundness import Finding, Severity
from ..solve.words import joined, shown
from .exclusion import keeping_apart
from .family import Clash

__all__ = ["clash_finding"]


def clash_finding(line: LineDescription, clash: Clash) -> Finding:
    """A clash in words, with the constraint that would keep the features apart."""
    first, second = (f"'{name}' {version}" for name, version in (clash.quarrel.first, clash.quarrel.second))
    reason = f"their parts bring both {first} and {second}"
    if clash.quarrel.files:
        more = f" and {len(clash.quarrel.files) - 1} more" if len(clash.quarrel.files) > 1 else ""
        reason = f"the parts {first} and {second} both write '{clash.quarrel.files[0]}'{more}, with different content"
    if clash.without:
        return _without(line, clash, reason)
    if not clash.features:
        return Finding(Severity.ERROR, "family", f"no build can be made: {reason}", Place(line.file, "core.parts"))
    names = [shown(name) for name in clash.features]
    where = line.model.features[clash.features[-1]].where
    if len(names) == 1:
        what = f"feature {names[0]} can be in no build: {reason}"
        return Finding(Severity.ERROR, "family", what, where, hint="take it out, or take other parts")
    return Finding(
        Severity.ERROR,
        "family",
        f"features {joined(names)} are allowed together and cannot be built together: {reason}",
        where,
        hint=f"let the feature model say so: {keeping_apart(line.model, clash.features)}",
    )


def _without(line: LineDescription, clash: Clash, reason: str) -> Finding:
    """A clash that only builds have which lack something."""
    without, names = joined(map(shown, clash.without)), [shown(name) for name in clash.features]
    hint = f"let the feature model say so: {keeping_apart(line.model, clash.features, clash.without)}"
    if not names:
        what = f"a build without {without} is allowed and cannot be made: {reason}"
        return Finding(Severity.ERROR, "family", what, Place(line.file, "core.parts"), hint=hint)
    who = f"features {joined(names)} are" if len(names) > 1 else f"feature {names[0]} is"
    what = f"{who} allowed without {without} and cannot be built so: {reason}"
    return Finding(Severity.ERROR, "family", what, line.model.features[clash.features[-1]].where, hint=hint)
