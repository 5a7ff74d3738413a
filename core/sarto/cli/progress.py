"""How long work shows what it is doing: a line for each piece of it on a terminal, nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from time import monotonic

from ..derive.progress import Progress, quiet

__all__ = ["Reporter", "counting", "reporting"]

Reporter = Callable[[str], AbstractContextManager[Progress]]
"""``with reporter(label) as progress`` shows a piece of work while it lasts."""


@contextmanager
def reporting() -> Iterator[Reporter]:
    """Show on stderr what is going on while this lasts, and leave nothing of it behind."""
    if not sys.stderr.isatty():
        yield lambda _label: nullcontext(quiet)
        return
    from rich import progress as rich
    from rich.console import Console
    from rich.table import Column

    rest_of_the_line = Column(ratio=1, no_wrap=True, overflow="ellipsis")
    text = rich.TextColumn("{task.description}", markup=False, table_column=rest_of_the_line)
    columns = (rich.SpinnerColumn(), rich.TimeElapsedColumn(), text)
    with rich.Progress(*columns, console=Console(stderr=True), transient=True, expand=True) as display:

        @contextmanager
        def piece(label: str) -> Iterator[Progress]:
            task = display.add_task(label, total=None)
            yield lambda message: display.update(task, description=f"{label}: {message}")
            display.remove_task(task)

        yield piece


@contextmanager
def counting(label: str) -> Iterator[Progress]:
    """Show on stderr how far a long row of small pieces is, while this lasts; an empty message takes it away for now.

    It has no thread of its own, so processes may be forked meanwhile: it is drawn when something is said, ten times a
    second at the most.
    """
    if not sys.stderr.isatty():
        yield quiet
        return
    from rich import progress as rich
    from rich.console import Console

    columns = (rich.TimeElapsedColumn(), rich.TextColumn("{task.description}", markup=False))
    display = rich.Progress(
        *columns, console=Console(stderr=True), transient=True,
        auto_refresh=False, redirect_stdout=False, redirect_stderr=False,
    )  # fmt: skip
    task = display.add_task(label, total=None)
    drawn = 0.0

    def say(message: str) -> None:
        nonlocal drawn
        if not message:
            display.stop()
        elif monotonic() - drawn > 0.1:
            display.start()
            display.update(task, description=f"{label}: {message}", refresh=True)
            drawn = monotonic()

    with display:
        display.refresh()
        yield say
