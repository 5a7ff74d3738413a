"""The file of a tailored selection and the record beside it, with which it is taken back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import SartoError
from ...hooks.reading import read_text
from ...model.expression import Value
from ..selection_file import one_line, placed, selection_text
from ..writing import write_whole

if TYPE_CHECKING:
    from ...line import ProductLine
    from ...model.tailoring import Tailored
    from ...proposals import Proposed

__all__ = ["evidence", "record_file", "tailored_text", "undo", "write_tailored"]

FORMAT = 1
MOST_STEPS = 20
"""So many tailorings of one selection can be taken back, the last first."""


def record_file(selection: Path) -> Path:
    """Where the record of a selection's tailorings is."""
    return selection.with_name(f"{selection.name}.tailored")


def evidence(decision: Tailored) -> str:
    """The facts behind a decision, and the vendor's reason."""
    from ...model.values import shown

    facts = ", ".join(f"{name} = {shown(value)}" for name, value in decision.evidence) or "for everybody"
    return one_line(f"{facts}: {decision.rule.because}" if decision.rule.because else facts)


def tailored_text(line: ProductLine, proposed: Proposed, source: str, output: Path) -> str:
    """The proposed selection as a file at ``output``, each decision of a rule with its evidence above it."""
    from ...proposals import without_places

    selection = placed(without_places(proposed), line.description, output)
    comments = {name: f"{sentence}." for name, sentence in proposed.proposal.barred.items()}
    comments |= {each.feature: evidence(each) for each in reversed(proposed.proposal.followed)}
    heading = f"Tailored from {one_line(source)} by the rules of {selection.line}."
    return selection_text(selection, heading, comments)


def write_tailored(output: Path, text: str, proposed: Proposed) -> None:
    """Write the selection, and before that what it was to its record, so that it can be taken back."""
    before = read_text(output) if output.exists() else None
    if before == text:
        return
    steps = _steps(output)
    step = {
        "before": before,
        "after": _digest(text),
        "changed": {each.feature: [each.before, each.after] for each in proposed.changes},
        "decisions": [as_data(each) for each in proposed.proposal.followed],
    }
    _write_steps(output, [*steps, step][-MOST_STEPS:])
    write_whole(output, text)


def as_data(decision: Tailored) -> dict[str, Value | dict[str, Value]]:
    """A decision with its evidence, as JSON has it."""
    return {
        "feature": decision.feature,
        "value": decision.value,
        "rule": str(decision.rule.where),
        "because": decision.rule.because,
        "evidence": dict(decision.evidence),
    }


def undo(selection: Path, *, force: bool) -> bool:
    """Make the selection what it was before it was tailored last; False where there was none, and is none again.

    Raises SartoError where it was not tailored, or was changed since and ``force`` does not allow to lose that.
    """
    steps = _steps(selection)
    if not steps:
        raise SartoError("this selection was not tailored, or that was taken back", where=str(selection))
    now = read_text(selection) if selection.exists() else None
    before = steps[-1]["before"]
    if now not in (None, before) and _digest(now or "") != steps[-1]["after"] and not force:
        hint = "--force makes it what it was before that, and loses what was changed"
        raise SartoError("this selection was changed since it was tailored", where=str(selection), hint=hint)
    if before is None:
        selection.unlink(missing_ok=True)
    else:
        write_whole(selection, before)
    _write_steps(selection, steps[:-1])
    return before is not None


def _steps(selection: Path) -> list[dict[str, Any]]:
    file = record_file(selection)
    if not file.exists():
        return []
    try:
        said = json.loads(read_text(file))
        if said["format"] != FORMAT or not all(
            isinstance(step["after"], str) and isinstance(step["before"], str | None) for step in said["steps"]
        ):
            raise ValueError("another format")
        return list(said["steps"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        what = f"this record of tailorings cannot be read ({type(error).__name__}: {error})"
        raise SartoError(what, where=str(file), hint="delete it, and they cannot be taken back") from error


def _write_steps(selection: Path, steps: Sequence[dict[str, Any]]) -> None:
    file = record_file(selection)
    if steps:
        text = json.dumps({"format": FORMAT, "steps": list(steps)}, indent=2, ensure_ascii=False)
        write_whole(file, text + "\n")
    else:
        file.unlink(missing_ok=True)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
