"""What is remembered of each build beside the builds: its inputs, which build it is, and its other formats."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sarto.derive.files import content_of, file_digest, refusals, write_new
from sarto.derive.sums import SUMS

from .inputs import Inputs

__all__ = [
    "Record",
    "output_fault",
    "read_record",
    "recorded_formats",
    "recorded_inputs",
    "sweep_records",
    "write_record",
]

FOLDER = ".fleet"
ABANDONED = 3600
"""Seconds after which a record that is still being written belongs to a process that is no more."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is remembered of a build: its ``inputs`` (none are known of another than the one that is there),
    the files and states of its other formats, by these, and the text of the sums of the build that is there.
    """

    inputs: Inputs | None = None
    outputs: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    sums: bytes = b""

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats beside the bundle in which the build was handed out by the fleet."""
        return tuple(sorted(self.outputs))


def read_record(builds: Path, name: str) -> Record:
    """What is remembered of the build of that name; an empty record where that is nothing or cannot be read.

    A build that was made otherwise since, or that lost its sums, is another.
    """
    try:
        said = json.loads(content_of(f"{builds}{os.sep}{FOLDER}{os.sep}{name}.json"))
        outputs = {str(format): (str(file), str(state)) for format, (file, state) in said.get("outputs", {}).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return Record()
    try:
        sums = content_of(f"{builds}{os.sep}{name}{os.sep}{SUMS}")
        if said["sums"] == hashlib.sha256(sums).hexdigest():
            return Record({str(kind): str(value) for kind, value in said["inputs"].items()}, outputs, sums)
    except (OSError, KeyError, AttributeError):
        pass
    return Record(outputs=outputs)


def recorded_inputs(builds: Path, name: str) -> Inputs | None:
    """The inputs of the build of that name, as in its record."""
    return read_record(builds, name).inputs


def recorded_formats(builds: Path, name: str) -> tuple[str, ...]:
    """The formats beside the bundle in which the build of that name was handed out by the fleet."""
    return read_record(builds, name).formats


def output_fault(builds: Path, record: Record) -> str:
    """What is wrong with what was handed out beside the bundle, as far as it shows without reading it; empty if none.

    Of a file that is its size, and those of the files beside it that vouch for it; of a folder its sums.
    """
    for file, state in sorted(record.outputs.values()):
        there = builds / file
        if not there.exists():
            return f"{file} is missing"
        now = _state(there)
        if now != state:
            is_file_itself = now.partition(" ")[0] != state.partition(" ")[0]
            return f"{file} was changed" if is_file_itself else f"what vouches for {file} was changed or lost"
    return ""


def _state(output: Path) -> str:
    from sarto.derive.vouching import COMPANIONS

    try:
        if output.is_dir():
            return file_digest(output / SUMS)
        companions = ((ending, output.with_name(f"{output.name}{ending}")) for ending in COMPANIONS)
        beside = (f"{ending} {path.stat().st_size}" for ending, path in companions if path.exists())
        return " ".join((str(output.stat().st_size), *beside))
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
        text = json.dumps({**said, "outputs": read_record(builds, name).outputs if made is None else made})
        aside = f"{folder}{os.sep}.{name}.{secrets.token_hex(4)}"
        try:
            try:
                write_new(aside, text.encode())
            except FileNotFoundError:
                folder.mkdir(exist_ok=True)
                write_new(aside, text.encode())
            os.replace(aside, f"{folder}{os.sep}{name}.json")  # noqa: PTH105  (plain texts: for each build)
        except OSError:
            Path(aside).unlink(missing_ok=True)
            raise


def sweep_records(builds: Path) -> None:
    """Remove the half records of runs that were killed."""
    for left in (builds / FOLDER).glob(".*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > ABANDONED:
                left.unlink()
