"""Running the probe: starting it, gathering what it says, and telling how it ended where it did not come through."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import SartoError

__all__ = ["PROBE", "REGISTERING", "ProbeRun"]

PROBE = Path(__file__).with_name("probe.py")
REGISTERING = PROBE.with_name("registering.py")
HANGING = re.compile(r'File "(.+)", line (\d+)')


@dataclass(frozen=True, slots=True)
class ProbeRun:
    """What one probe said before it ended; ``end_word`` is its last, None where it did not come to its end."""

    steps: dict[str, Any]
    last: str | None
    end_word: dict[str, Any] | None
    rest: str
    stderr: str
    code: int

    @classmethod
    def of(cls, order: Mapping[str, Any]) -> ProbeRun:
        """Start a probe in an empty folder and wait for its end. Raises :class:`SartoError` where it cannot be."""
        with tempfile.TemporaryDirectory(prefix="sarto-trial-") as scratch:
            said, stderr = Path(scratch, "said"), Path(scratch, "stderr")
            folder = Path(scratch, "here")
            folder.mkdir()
            code = _start(order, folder, said, stderr)
            lines = said.read_text(encoding="utf-8", errors="replace").splitlines()
            complaint = stderr.read_text(encoding="utf-8", errors="replace")
        objects = [json.loads(line) for line in lines if line.startswith("{")]
        steps = {str(each["step"]): each for each in objects if "step" in each}
        end_word = next((each for each in objects if "others" in each), None)
        rest = "\n".join(line for line in lines if not line.startswith("{"))
        return cls(steps, next(reversed(steps), None), end_word, rest, complaint, code)

    def how_it_ended(self, home: str, patience: float) -> dict[str, Any]:
        """Why there is nothing from the last step, as the probe says it of other failures."""
        if self.rest.startswith("Timeout"):
            lines = [(file, line) for file, line in HANGING.findall(self.rest) if Path(home) in Path(file).parents]
            at = next((f"{Path(file).relative_to(home).as_posix()}:{line}" for file, line in lines), "")
            return {"ended": True, "failed": f"it was not done after {patience:g} seconds", "at": at}
        return {"ended": True, "failed": f"it ends {self.end}"}

    @property
    def end(self) -> str:
        """The process, with how it ended."""
        how = signal.Signals(-self.code).name if self.code < 0 else f"exit code {self.code}"
        return f"the process with {how}"


def _start(order: Mapping[str, Any], folder: Path, said: Path, stderr: Path) -> int:
    """Run the probe to its end and return its exit code. Files, not pipes: what a part has started may live on."""
    with said.open("wb") as out, stderr.open("wb") as err:
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-S", str(PROBE)],
                input=json.dumps(order).encode(), stdout=out, stderr=err, cwd=folder, check=False,
            )  # fmt: skip
        except OSError as error:
            raise SartoError(f"Python cannot be started to try the parts: {error}") from error
    if done.returncode == -signal.SIGINT:
        raise KeyboardInterrupt
    return done.returncode
