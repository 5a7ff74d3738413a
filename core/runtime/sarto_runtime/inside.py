"""Enters a product without starting its command, for tests that run inside it."""

from __future__ import annotations

import os

TYPE_CHECKING = False  # as in typing, which a stranger may stand in for before the isolation
if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["enter"]


def enter(folder: str, beside: Sequence[str]) -> None:
    """Let this process import what the build in ``folder`` imports when it starts, and nothing else.

    Behind the product's parts come the folders ``beside``. The settings are in the environment as at a start; those
    that reach the core as arguments are not, for there is no command. Raises ProductError where the build cannot start
    here.
    """
    from .isolation import isolate

    isolate()
    import site

    from . import settings
    from .build import read_build
    from .places import left_out, libraries
    from .running import announce
    from .start import check_interpreter
    from .state import parts_in_use, settings_in_use
    from .switching import current_state

    build = read_build(folder)
    state = current_state(build)
    parts = parts_in_use(build, state)
    check_interpreter(build, parts)
    folders = libraries(build, parts)
    known = left_out(build, folders)
    for each in (*folders, *beside):
        site.addsitedir(each, known)
    announce(build, state)
    os.environ.update(settings.environment(build.core.settings, settings_in_use(build, state)))
