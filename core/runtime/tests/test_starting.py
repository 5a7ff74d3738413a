"""A build starts its core's command with exactly its own parts, in the planned order."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from .real_builds import Sketch, ask, feature, make_build, make_plugin, make_wheel, PartOf, start


def greetings(launcher: Path, **environment: str) -> list[str]:
    done = start(launcher, **environment)
    assert done.returncode == 0, done.stderr
    found: list[str] = json.loads(done.stdout)["greetings"]
    return found


def test_the_launcher_starts_the_cores_command_under_the_builds_name(tmp_path: Path) -> None:
    launcher = make_build(tmp_path / "acme")
    done = start(launcher, "one", "two words")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["argv"] == ["acme", "one", "two words"]
