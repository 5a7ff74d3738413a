"""The runtime that Sarto carries can be had without a build."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sarto.derive.seed import seed_wheel


def test_whoever_writes_a_plugin_is_told_where_the_runtimes_wheel_is() -> None:
    told = subprocess.run([sys.executable, "-m", "sarto.seed"], capture_output=True, text=True, check=True).stdout
    assert Path(told.rstrip("\n")) == seed_wheel()
