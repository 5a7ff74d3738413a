"""Starts a build: its own parts on the path, in order, and then the core's command as a console script would."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from . import settings
from .build import Build, Part, read_build
from .errors import ProductError
from .places import left_out, libraries
from .running import announce
from .state import parts_in_use, settings_in_use
from .switching import current_state
from .wheel_tags import misfit

__all__ = ["check_interpreter", "put_on_path", "start"]


def start(folder: str, argv: Sequence[str]) -> Any:
    """Run the core's command and return what it returns; 1 and a sentence on stderr where that cannot be."""
    try:
        command = _prepare(folder, argv)
    except ProductError as error:
        print(f"{os.path.basename(argv[0])}: {error}", file=sys.stderr)
        return 1
    return command()


def _prepare(folder: str, argv: Sequence[str]) -> Callable[[], Any]:
    """Do all that comes before the core's command, and find that."""
    build = read_build(folder)
    state = current_state(build)
    parts = parts_in_use(build, state)
    check_interpreter(build, parts)
    put_on_path(build, parts)
    announce(build, state)
    if build.usage is not None:
        from .counting import recording
        from .hosts import count_hooks

        recording(build).command(state, argv[1:])
        if build.core.group:
            count_hooks(build, state, recording(build))
    given = settings_in_use(build, state)
    route = build.core.settings
    os.environ.update(settings.environment(route, given))
    sys.argv[:] = [build.launcher, *settings.command_line(route, given, argv[1:])]
    return _load(build)


def check_interpreter(build: Build, parts: Sequence[Part]) -> None:
    """Raise :class:`ProductError` unless this Python can run the build with these of its parts.

    A build of parts for any platform runs on all of them, whatever platform it was made for.
    """
    running, wanted = (f"{version[0]}.{version[1]}" for version in (sys.version_info, build.python))
    if sys.version_info[:2] < build.python:
        raise ProductError(f"this build is for Python {wanted} or newer, and this is Python {running}")
    for part in parts:
        if need := misfit(part.file):
            raise ProductError(
                f"this build is for Python {wanted} on {build.platform}, and this is Python {running} on "
                f"{sys.platform}: part '{part.name}' needs {need}"
            )


def put_on_path(build: Build, parts: Sequence[Part]) -> None:
    """Let the parts be imported, in their order.

    ``site`` also reads the ``.pth`` files of each folder, as it does for installed parts.
    """
    import site

    folders = libraries(build, parts)
    known = left_out(build, folders)  # with a set of its own, site does not look at the whole path again each time
    for folder in folders:
        site.addsitedir(folder, known)


def _load(build: Build) -> Callable[[], Any]:
    from importlib import import_module

    module, _, attributes = build.core.object.partition(":")
    found: Any = import_module(module)
    for attribute in attributes.split("."):
        found = getattr(found, attribute)
    command: Callable[[], Any] = found
    return command
