"""``sarto web``: its options, and the server that it starts."""

from __future__ import annotations

from pathlib import Path

import click
from sarto.commands import PATH, Application, declare

__all__ = ["web"]


@declare("web", "sarto web", "sarto web examples/datasette --port 8080 --no-browser",
         "sarto web LINE --orders sqlite:///orders.db --host 0.0.0.0 --known-as shop.example:8080")  # fmt: skip
@click.argument("line", type=PATH, required=False)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="0 takes a free port.")
@click.option("--known-as", metavar="HOST", multiple=True, help="A further name of the server, with its port.")
@click.option("--orders", metavar="URL", default="", help="The order book, such as sqlite:///orders.db: people log in.")
@click.option("--embed-from", metavar="ORIGIN", multiple=True, help="Whose pages may have it in a frame.")
@click.option("--no-browser", is_flag=True, help="Only print the link.")
@click.option("--static", is_flag=True, help="Start no server: write one HTML file that configures by itself.")
@click.option("--output", "-o", type=PATH, help="The file to write, with --static.")
@click.pass_obj
def web(
    application: Application, line: Path | None, host: str, port: int, known_as: tuple[str, ...], orders: str,
    embed_from: tuple[str, ...], no_browser: bool, static: bool, output: Path | None,
) -> None:  # fmt: skip
    """Choose in the browser, alone or together.

    The link that is printed lets its holder in, and nobody else; with an order book, people log in. Rooms are kept in
    the folder that SARTO_STATE names, also over a restart. Ctrl-C ends the server. With --static, a small line becomes
    one HTML file, which works from any disk or web page, without a server and without Sarto.
    """
    if static:
        from .exporting import export

        export(application, line, output)
        return
    from .serving import Listening, serve

    listening = Listening(host=host, port=port, known_as=known_as, embed_from=embed_from)
    serve(application, line, listening, orders, is_shown=not no_browser)
