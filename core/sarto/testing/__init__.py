"""Tests of lines and of plugins: the pytest plugin, a line's suite over many products, and what plugins' tests share.

pytest imports this package in every session of an environment that has Sarto, so it imports nothing before it is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .making import (
        GREETER_LINE,
        GREETER_SELECTION,
        answer,
        greeter_line,
        installed_wheel,
        make_bundle,
        make_plan,
        make_wheel,
        native_module,
        part_of,
        start,
    )
    from .product import BuiltProduct

__all__ = [
    "BuiltProduct", "GREETER_LINE", "GREETER_SELECTION", "answer", "greeter_line", "installed_wheel", "make_bundle",
    "make_plan", "make_wheel", "native_module", "part_of", "start",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name == "BuiltProduct":
        from .product import BuiltProduct

        return BuiltProduct
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import making

    return getattr(making, name)
