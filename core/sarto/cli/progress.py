"""How long work shows what it is doing: a line for each piece of it on a terminal, nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from ..derive.progress import Progress, quiet

__all__ = ["Reporter", "reporting"]

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
