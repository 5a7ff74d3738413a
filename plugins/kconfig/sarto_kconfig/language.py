"""kconfiglib, as the one name ``k`` under which this package uses it."""

from __future__ import annotations

import kconfiglib as k  # type: ignore[import-untyped]  # it has neither stubs nor py.typed

__all__ = ["k"]
