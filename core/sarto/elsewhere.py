"""Work on orders by other machines: a few at a time, named by their files, for lines and plugins do not travel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from socket import gethostname
from typing import TypeVar

from . import __version__
from .errors import SartoError
from .hooks import Executor, PluginManager
from .orders import Order, Refusal, read_files

__all__ = ["elsewhere"]

BATCH = 16
"""So many orders share the opening of their line."""

R = TypeVar("R")
Edition = tuple[tuple[str, str], ...]


def elsewhere(
    work: Callable[[Order | Refusal], R], orders: Iterable[Order | Refusal], executor: Executor, address: str
) -> Iterator[R]:
    """What the work makes of each order, in their order; one that was begun by a machine that failed is done again.

    The work is a function of a module or a partial of one, with whole paths. A refusal needs no other machine. Raises
    SartoError where a machine has another Sarto or other plugins, which would do other work.
    """
    known = list(orders)
    files = [order.file.absolute() for order in known if isinstance(order, Order)]
    batches = [tuple(files[start : start + BATCH]) for start in range(0, len(files), BATCH)]
    mine = _edition(PluginManager.discover())
    results = (each for batch in executor.run(address, partial(_work_on, work, mine), batches) for each in batch)
    for order in known:
        yield work(order) if isinstance(order, Refusal) else next(results)


def _work_on(work: Callable[[Order | Refusal], R], edition: Edition, files: tuple[Path, ...]) -> list[R]:
    plugins = PluginManager.discover()
    mine = _edition(plugins)
    if different := sorted(set(edition) ^ set(mine)):
        name = different[0][0]
        there, here = (dict(each).get(name, "none") for each in (mine, edition))
        what = f"the machine '{gethostname()}' has another Sarto or other plugins: {name} {there} in place of {here}"
        raise SartoError(what, hint="install the same on all machines, and start their workers anew")
    return [work(order) for order in read_files(files, plugins)]


def _edition(plugins: PluginManager) -> Edition:
    """Sarto and its plugins, with their versions."""
    return (("sarto", __version__), *((each.distribution, each.version) for each in plugins.plugins))
