"""``python -m sarto.seed``: where the wheel of ``sarto-runtime`` is, for whoever installs it beside Sarto."""

from __future__ import annotations

from pathlib import Path

if __name__ == "__main__":
    print(*sorted(Path(__file__).parent.glob("sarto_runtime-*.whl"))[-1:])
