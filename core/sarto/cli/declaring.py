"""How a command is declared: its examples, and the arguments and options that several commands have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isnan
from pathlib import Path
from typing import Any, TypeVar

import click

from .accent import AccentContext
from .lazy import AS_JSON, write_examples

__all__ = ["PATH", "ExampleCommand", "declare", "json_option", "line_argument", "on_option", "seconds_option"]

PATH = click.Path(path_type=Path)
C = TypeVar("C", bound=Callable[..., Any])


class ExampleCommand(click.Command):
    """A command whose help ends with examples."""

    context_class = AccentContext

    def __init__(self, *args: Any, examples: Sequence[str] = (), **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.examples = tuple(examples)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples."""
        super().format_epilog(ctx, formatter)
        write_examples(formatter, self.examples)


def declare(name: str, *examples: str) -> Callable[[Callable[..., Any]], ExampleCommand]:
    """A command of that name with its examples."""
    return click.command(name, cls=ExampleCommand, examples=examples)


def json_option(function: C) -> C:
    """``--json``: the result on stdout as one JSON document; an error too, as ``{"error": …}``."""
    help = 'Print the result as JSON, an error as {"error": …}.'
    return click.option("--json", "as_json", is_flag=True, callback=_remember, help=help)(function)


def on_option(function: C) -> C:
    """``--on ADDRESS``: where an executor works (see the hook ``sarto_executors``)."""
    help = "Work on other machines, such as dask://host:8786."
    return click.option("--on", "address", metavar="ADDRESS", default="", help=help)(function)


def seconds_option(default: float, help: str) -> Callable[[C], C]:
    """``--seconds N``: how long something may take; any number from 0 on, also ``inf``."""
    return click.option("--seconds", type=_Seconds(min=0), metavar="N", default=default, show_default=True, help=help)


class _Seconds(click.FloatRange):
    """A number of seconds."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number; click's range lets ``nan`` pass, which is in none."""
        seconds = super().convert(value, param, ctx)
        if isnan(seconds):
            self.fail("nan is not in the range x>=0.", param, ctx)
        return seconds


def _remember(ctx: click.Context, _parameter: click.Parameter, value: bool) -> bool:
    ctx.meta[AS_JSON] = value
    return value


def line_argument(function: C) -> C:
    """``[LINE]``: a features.toml or its folder; the one in the current folder where nothing is said."""
    return click.argument("line", type=PATH, required=False)(function)
