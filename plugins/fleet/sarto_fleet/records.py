"""What is remembered of each build beside the builds: its inputs, which build it is, and its other formats."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sarto.derive.files import file_digest, refusals, write_new
from sarto.derive.sums import SUMS

from .inputs import Inputs

__all__ = ["output_fault", "recorded_formats", "recorded_inputs", "write_record"]

FOLDER = ".fleet"


def recorded_inputs(builds: Path, name: str) -> Inputs | None:
    """The inputs of the build of that name; None where none are known of the very build that is there.

    A build that was made otherwise since, or that lost its sums, is another.
    """
    try:
        said = _said(builds, name)
        inputs, sums = said["inputs"], said["sums"]
        if sums != file_digest(builds / name / SUMS) or not isinstance(inputs, dict):
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return {str(kind): str(value) for kind, value in inputs.items()}


def recorded_formats(builds: Path, name: str) -> tuple[str, ...]:
    """The formats beside the bundle in which the build of that name was handed out by the fleet."""
    return tuple(sorted(_outputs(builds, name)))


def output_fault(builds: Path, name: str) -> str:
    """What is wrong with what was handed out beside the bundle, as far as it shows without reading it; empty if none.

    Of a file that is its size, of a folder its sums.
    """
    for file, state in sorted(_outputs(builds, name).values()):
        there = builds / file
        if not there.exists():
            return f"{file} is missing"
        if _state(there) != state:
            return f"{file} was changed"
    return ""


def _said(builds: Path, name: str) -> Any:
    return json.loads((builds / FOLDER / f"{name}.json").read_bytes())


def _outputs(builds: Path, name: str) -> dict[str, tuple[str, str]]:
    try:
        said = _said(builds, name).get("outputs", {})
        return {str(format): (str(file), str(state)) for format, (file, state) in said.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _state(output: Path) -> str:
    try:
        return file_digest(output / SUMS) if output.is_dir() else str(output.stat().st_size)
    except OSError:
        return ""


def write_record(builds: Path, name: str, inputs: Inputs, outputs: Mapping[str, Path] | None = None) -> None:
    """Remember the inputs of the build that is there, once it has its place, and in what else it was handed out.

    ``outputs`` are by their formats; None where nothing was made, and they are as they were.
    """
    folder = builds / FOLDER
    with refusals(f"writing to the folder '{folder}'"):
        made = {format: (path.name, _state(path)) for format, path in outputs.items()} if outputs is not None else None
        said = {"inputs": inputs, "sums": file_digest(builds / name / SUMS)}
        text = json.dumps({**said, "outputs": _outputs(builds, name) if made is None else made})
        aside = f"{folder}{os.sep}.{name}.{secrets.token_hex(4)}"
        try:
            write_new(aside, text.encode())
        except FileNotFoundError:
            folder.mkdir(exist_ok=True)
            write_new(aside, text.encode())
        os.replace(aside, f"{folder}{os.sep}{name}.json")  # noqa: PTH105  (plain texts: for each build)
