"""How an impossible selection is reported: its conflicts, its repairs, what the vendor could do, the proofs."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .output import print_json
from .proving import write_proofs

if TYPE_CHECKING:
    from ..model.feature import Constraint
    from ..model.feature_model import FeatureModel
    from ..model.selection import Selection
    from ..solve.conflict import Conflict

__all__ = ["report_conflict"]

VENDOR = 5
"""How many sets of constraints are proposed to the vendor."""

TREE = "the tree alone forbids it, whatever the constraints are"


def report_conflict(
    model: FeatureModel, selection: Selection, conflict: Conflict, *, is_all: bool, vendor: bool,
    proof: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Print a conflict as ``sarto explain`` does, with all that was asked for."""
    from ..solve.certificates import certify_conflicts
    from ..solve.conflict import diagnose, in_words
    from ..solve.relaxing import relaxations
    from ..solve.words import joined, rule_sentence

    conflicts, repairs, note = conflict.conflicts, conflict.repairs, conflict.note
    if is_all:
        found = diagnose(model, selection)
        conflicts, repairs, note = found.conflicts, found.repairs, _number(len(found.conflicts), found.is_complete)
    dropped = [_sentences(each) for each in islice(relaxations(model, selection), VENDOR)] if vendor else []
    if proof is not None:
        write_proofs(proof, certify_conflicts(model, selection, conflicts))
    if as_json:
        data: dict[str, object] = {"possible": False, "reasons": list(conflict.reasons)}
        data["repairs"] = [repair.sentence for repair in repairs]
        if is_all:
            data["conflicts"] = [[rule_sentence(rule) for rule in rules] for rules in conflicts]
            data["complete"] = found.is_complete
        print_json(data | ({"relaxations": dropped} if vendor else {}))
        return
    lines = list(in_words(conflicts, repairs, note))
    if vendor:
        lines.append("or the line would have to do without:" if dropped else TREE)
        lines += (f"  {number}. {joined(sentences)}" for number, sentences in enumerate(dropped, 1))
    lines[0] = f"{selection.file}: {lines[0]}"
    for line in lines:
        click.echo(line)


def _number(found: int, is_complete: bool) -> str:
    if not is_complete:
        return f"these are the first {found} minimal conflicts; there may be more"
    return "this is the only minimal conflict" if found == 1 else f"these are all {found} minimal conflicts"


def _sentences(constraints: tuple[Constraint, ...]) -> list[str]:
    from ..solve.reasons import ConstraintRule
    from ..solve.words import rule_sentence

    return [rule_sentence(ConstraintRule(constraint)) for constraint in constraints]
