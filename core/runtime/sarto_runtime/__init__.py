"""What ships inside Sarto's builds: starts a product with exactly its chosen parts, and what its own code may ask."""

from __future__ import annotations

TYPE_CHECKING = False  # as in typing: nothing may be imported before the isolation, a stranger could stand in for it
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .api import Product, product
    from .errors import ProductError
    from .plugin import Plugin, PluginError, Policy
    from .point import variation_point
    from .points import Points
    from .product_points import adopt, load_plugins
    from .record import PluginReport
    from .tracing import Trace
    from .variants import add, after, around, before, replace

__all__ = [
    "Plugin", "PluginError", "PluginReport", "Points", "Policy", "Product", "ProductError", "Trace", "add", "adopt",
    "after", "around", "before", "launch", "launch_packed", "load_plugins", "product", "replace", "variation_point",
]  # fmt: skip

HOMES = {
    "Plugin": "plugin", "PluginError": "plugin", "PluginReport": "record", "Points": "points", "Policy": "plugin",
    "Product": "api", "ProductError": "errors", "Trace": "tracing", "add": "variants", "adopt": "product_points",
    "after": "variants", "around": "variants", "before": "variants", "load_plugins": "product_points",
    "product": "api", "replace": "variants", "variation_point": "point",
}  # fmt: skip
"""The module in which each name is at home; each is imported when it is first asked for."""


def launch(folder: str, argv: Sequence[str]) -> Any:
    """Start the build in ``folder`` with the command line ``argv``, its first word the launcher as it was called.

    A first argument that begins with ``@`` is answered by the runtime. Returns what ``sys.exit`` takes: 1, and a
    sentence on stderr, where the build cannot be started, else what the core's command returns.
    """
    from .isolation import isolate

    isolate()
    from .bootstrap import begin

    return begin(folder, argv)


def launch_packed(archive: str, argv: Sequence[str]) -> Any:
    """Start the build in the file ``archive``, a zip archive with the folder of the build below ``bundle/``.

    As :func:`launch` in everything else. The folder is unpacked once, and checked against its sums then.
    """
    from .isolation import isolate

    isolate()
    from .packed import begin_packed

    return begin_packed(archive, argv)


def __getattr__(name: str) -> Any:
    """Import on demand what a start does not need at once."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
