"""``sarto choose``: choosing features in the terminal."""

from __future__ import annotations

from pathlib import Path

import click

from ..errors import SartoError
from .application import Application
from .declaring import PATH, declare, line_argument

__all__ = ["command"]


@declare("choose", "sarto choose", "sarto choose examples/datasette -o selections/acme.toml")
@line_argument
@click.option(
    "-o", "--output", metavar="SELECTION", type=PATH, help="The selection file to write; asked for otherwise."
)
@click.option("--customer", help="Whose selection it is; asked for otherwise.")
@click.pass_obj
def command(application: Application, line: Path | None, output: Path | None, customer: str | None) -> None:
    """Choose features in the terminal, question by question.

    Each answer is shown with what it brings in and rules out; what would make the choice impossible is refused with the
    reason. The selection that is written has your own answers only; type h for all that can be said.
    """
    from ..line import ProductLine
    from .choosing.finish import Finish
    from .choosing.screen import Screen
    from .choosing.state import State

    opened = ProductLine.open(line, plugins=application.plugins)
    description = opened.description
    screen = Screen(description)
    state = State(description.model)
    click.echo(
        click.style(f"{description.name} {description.version}", bold=True) + f"  {description.summary}".rstrip()
    )
    click.echo("Answer each question; Enter leaves it to the line, h says what else can be typed.")
    try:
        Finish(opened, state, screen, output, customer).run()
    except EOFError:
        raise SartoError("the input ended before the selection was written", hint="w writes it") from None
