"""A built product as a test sees it: what is in it, and how it is asked."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import SartoError, did_you_mean
from ..model.expression import Value

__all__ = ["BuiltProduct"]

PATIENCE = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltProduct:
    """A build that can be started, whatever has been switched in it before.

    ``configuration`` has each feature with true, false or its value; ``state`` is where its switches are kept.
    """

    folder: Path
    launcher: Path
    configuration: Mapping[str, Value]
    state: Path

    def is_enabled(self, feature: str) -> bool:
        """Whether the feature is in. Raises SartoError for one that the line does not have."""
        if feature not in self.configuration:
            raise SartoError(f"unknown feature '{feature}'", hint=did_you_mean(feature, self.configuration))
        return self.configuration[feature] is not False

    def run(
        self, *words: str, input: str = "", environment: Mapping[str, str] | None = None, seconds: float = PATIENCE
    ) -> subprocess.CompletedProcess[str]:
        """Start the product with these words on its command line and wait for its end.

        Raises subprocess.TimeoutExpired after so many seconds.
        """
        own = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        own |= {"SARTO_STATE": str(self.state), **(environment or {})}
        own.pop("SARTO_PRODUCT", None)
        command = [sys.executable, str(self.launcher), *words]
        return subprocess.run(
            command, input=input, capture_output=True, text=True, env=own, timeout=seconds, check=False
        )
