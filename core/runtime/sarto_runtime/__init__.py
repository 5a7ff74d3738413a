"""What ships inside Sarto's builds: starts a product with exactly its chosen parts, and knows what runs."""

from __future__ import annotations

TYPE_CHECKING = False  # as in typing: nothing may be imported before the isolation, a stranger could stand in for it
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .api import Product, product
    from .errors import ProductError

__all__ = ["Product", "ProductError", "launch", "launch_packed", "product"]


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
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import api, errors

    return errors.ProductError if name == "ProductError" else getattr(api, name)
