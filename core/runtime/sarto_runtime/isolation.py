"""Closes a product off from the rest of the machine: nothing but the standard library stays importable.

By the time a launcher runs, Python has read the site-packages of the interpreter and of the user, PYTHONPATH and
every ``.pth`` file, some of which put import finders in place or import modules. All of it is taken back here, in
the running process, for a second interpreter would cost a product its start-up time.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # as in typing, which a stranger may stand in for until all is done
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

__all__ = ["isolate", "standard_library"]

OWN = "sarto_runtime"
KEPT = ("__main__", "__mp_main__")  # the launcher, also in a process that multiprocessing has spawned


def isolate() -> None:
    """Make the standard library the only thing that can be imported, besides this running package itself."""
    kept = standard_library(sys.path)
    sys.path[:] = kept
    sys.meta_path[:] = [finder for finder in sys.meta_path if _is_pythons_own(finder)]
    sys.path_hooks[:] = [hook for hook in sys.path_hooks if _is_pythons_own(hook)]
    sys.path_importer_cache.clear()
    for name, module in list(sys.modules.items()):
        if not _stays(name, module, kept):
            del sys.modules[name]


def standard_library(entries: Iterable[str]) -> list[str]:
    """Those of the ``sys.path`` entries that are the standard library's, in their order.

    They are told by where ``os`` lies: that module is frozen, so nothing on the path can stand in for it, and
    its ``__file__`` is right in virtual environments, in Debian's Python and in relocated ones.
    """
    home = os.path.dirname(os.__file__)
    base = os.path.dirname(home)
    archive = os.path.join(base, f"python{sys.version_info[0]}{sys.version_info[1]}.zip")
    places = [home, os.path.join(home, "lib-dynload"), archive, os.path.join(base, "DLLs")]
    if _same(home, archive):  # Windows' embeddable Python: the extension modules lie beside the archive
        places.append(base)
    return [entry for entry in entries if any(_same(entry, place) for place in places)]


def _same(one: str, other: str) -> bool:
    return os.path.normcase(os.path.normpath(one)) == os.path.normcase(os.path.normpath(other))


def _is_pythons_own(finder: object) -> bool:
    module = getattr(finder, "__module__", None) or type(finder).__module__
    return module in ("_frozen_importlib", "_frozen_importlib_external", "zipimport")


def _stays(name: str, module: ModuleType | None, library: list[str]) -> bool:
    top = name.partition(".")[0]
    if top == OWN or name in KEPT:
        return True
    if top not in sys.stdlib_module_names and top not in sys.builtin_module_names:
        return False
    file = getattr(module, "__file__", None)  # none: built in, frozen, or made by the library (typing.io)
    return file is None or _lies_in(file, library)


def _lies_in(file: str, library: list[str]) -> bool:
    for entry in library:
        below = os.path.normcase(file).removeprefix(os.path.normcase(os.path.join(entry, "")))
        if len(below) < len(file):
            return below.split(os.sep, 1)[0] not in ("site-packages", "dist-packages")
    return False
