"""``sarto web``: its options, and the server that it starts."""

from __future__ import annotations

from pathlib import Path

import click
from sarto.commands import PATH, Application, declare

__all__ = ["web"]


@declare("web", "sarto web", "sarto web examples/datasette --port 8080 --no-browser")
@click.argument("line", type=PATH, required=False)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="The port; 0 takes a free one."
)
@click.option("--orders", metavar="URL", default="", help="The order book, such as sqlite:///orders.db: people log in.")
@click.option("--no-browser", is_flag=True, help="Only print the link.")
@click.option("--static", is_flag=True, help="Start no server: write one HTML file that configures by itself.")
@click.option("--output", "-o", type=PATH, help="The file to write, with --static.")
@click.pass_obj
def web(
    application: Application, line: Path | None, host: str, port: int, orders: str, no_browser: bool, static: bool,
    output: Path | None,
) -> None:  # fmt: skip
    """Choose in the browser, alone or together.

    The link that is printed lets its holder in, and nobody else; the server ends with Ctrl-C. Rooms are kept, also
    over a restart, in the folder that SARTO_STATE names. With --static, a small line becomes one HTML file, which
    works from any disk or web page, without a server and without Sarto.
    """
    if static:
        from .exporting import export

        export(application, line, output)
        return
    from .serving import serve

    serve(application, line, host, port, orders, is_shown=not no_browser)
