"""What is remembered of each build beside the builds: the inputs that it was made from, and which build it is."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from sarto.derive.files import file_digest, refusals
from sarto.derive.sums import SUMS

from .inputs import Inputs

__all__ = ["recorded_inputs", "write_record"]

FOLDER = ".fleet"


def recorded_inputs(builds: Path, name: str) -> Inputs | None:
    """The inputs of the build of that name; None where none are known of the very build that is there.

    A build that was made otherwise since, or that lost its sums, is another.
    """
    try:
        said = json.loads((builds / FOLDER / f"{name}.json").read_bytes())
        inputs, sums = said["inputs"], said["sums"]
        if sums != file_digest(builds / name / SUMS) or not isinstance(inputs, dict):
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return {str(kind): str(value) for kind, value in inputs.items()}


def write_record(builds: Path, name: str, inputs: Inputs) -> None:
    """Remember the inputs of the build that is there, once it has its place."""
    folder = builds / FOLDER
    with refusals(f"writing to the folder '{folder}'"):
        text = json.dumps({"inputs": inputs, "sums": file_digest(builds / name / SUMS)}, indent=2)
        folder.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=folder, prefix=".", delete=False, encoding="utf-8") as aside:
            aside.write(text)
        Path(aside.name).replace(folder / f"{name}.json")
