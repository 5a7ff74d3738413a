"""Writes a small suite of tests to try products on: one that passes, a coroutine, one that passes at its third try."""

from __future__ import annotations

import sys
from pathlib import Path

SUITE = """\
import asyncio
from pathlib import Path

TRIES = Path(__file__).with_name("tries")


def test_steady():
    assert 6 * 7 == 42


async def test_coroutine():
    await asyncio.sleep(0)


def test_unsteady():
    tries = int(TRIES.read_text()) + 1 if TRIES.exists() else 1
    TRIES.write_text(str(tries))
    assert tries == 3
"""


def main() -> None:
    """Write it into the folder that the command line names."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "test_sample.py").write_text(SUITE)


if __name__ == "__main__":
    main()
