"""Variants of a small function, as plugins: what several benchmarks put around a variation point."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from sarto_runtime import after, around, before

__all__ = ["Times", "plugin"]

Times = dict[str, list[float]]
"""By what was measured: a time for each round."""


def plugin(kind: str, number: int) -> ModuleType:
    """A plugin that modifies the point ``cost`` (``n``, ``rate``) in a way of that kind."""
    module = ModuleType(f"{kind}{number}")

    def around_it(proceed: Callable[..., int], n: int, rate: int) -> int:
        result: int = proceed(n, rate) + 1
        return result

    def after_it(result: int, n: int, rate: int) -> int:  # noqa: ARG001  # the point's parameters
        return result + 1

    def before_it(n: int, rate: int) -> dict[str, int] | None:  # noqa: ARG001  # as above
        return {"n": 0} if n < 0 else None

    marked: dict[str, Any] = {
        "around": lambda: around("cost")(around_it), "after": lambda: after("cost")(after_it),
        "before": lambda: before("cost")(before_it),
    }  # fmt: skip
    module.variant = marked[kind]()  # type: ignore[attr-defined]  # modules take any attribute
    return module
