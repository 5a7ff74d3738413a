"""``sarto docs``: the documentation of a line, as a site or in the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import SartoError, did_you_mean
from .application import Application
from .declaring import PATH, declare, line_argument
from .output import Cell, counted, print_table
from .progress import reporting
from .writing import write_whole

if TYPE_CHECKING:
    from ..derive.handbook.facts import Handbook
    from ..derive.handbook.words import Row
    from ..line import ProductLine

__all__ = ["command"]


@declare("docs", "sarto docs", "sarto docs examples/datasette -o site", "sarto docs examples/datasette maps")
@line_argument
@click.argument("name", required=False)
@click.option("-o", "--output", metavar="FOLDER", type=PATH, default="site", show_default=True,
              help="The folder of the site.")  # fmt: skip
@click.option("--no-parts", is_flag=True, help="Leave the parts alone: nothing is said of hooks.")
@click.option("--seconds", type=float, metavar="N", default=60, show_default=True, help="How long counting may take.")
@click.pass_context
def command(
    ctx: click.Context, line: Path | None, name: str | None, output: Path, no_parts: bool, seconds: float
) -> None:
    """The documentation of a line, as a site or in the terminal.

    LINE is a features.toml or its folder; by default the one in this folder. Without a NAME a static site is written:
    an index, a page for each feature (what it is, brings and rules out, in how many products it is, the hooks that its
    plugins implement) and one for each hook (who implements it, in which order). The NAME of a feature or a hook prints
    its page.
    """
    from ..line import ProductLine

    if name is None and line is not None and not line.exists() and line.suffix != ".toml":
        line, name = None, str(line)
    application = ctx.find_object(Application) or Application()
    opened = ProductLine.open(line, plugins=application.plugins)
    book = _written(opened, is_with_parts=not no_parts, seconds=seconds)
    if name is None:
        pages = _write_site(book, output)
        click.echo(f"{opened.description.name}: {counted(pages, 'page')} in {output}; begin at {output / 'index.html'}")
    else:
        _print_page(book, name)


def _written(line: ProductLine, *, is_with_parts: bool, seconds: float) -> Handbook:
    from ..derive.handbook.facts import handbook
    from ..derive.handbook.hooks import hook_uses
    from ..derive.store import PartStore
    from ..derive.store_use import using
    from ..model.feature import is_endless
    from ..model.selection import Selection

    counters = line.plugins.counters()
    with reporting() as reporter, reporter(line.description.name) as progress:
        hooks = None
        if is_with_parts:
            with using(PartStore.default()):
                catalog = line.catalog(Selection(line=line.description.file, customer=""), progress)
                hooks = hook_uses(line.description, catalog, progress)
        progress("counting products")
        counter = counters[0].count if counters else None
        is_countable = not any(map(is_endless, line.written.model.features.values()))
        return handbook(line.description, hooks, counter, seconds, is_countable=is_countable)


def _write_site(book: Handbook, folder: Path) -> int:
    """Write the site, and take away what an earlier one had and this has not; how many pages there are."""
    from ..derive.handbook.site import site

    _refuse_strangers(folder)
    files = site(book)
    for path in (*folder.glob("features/*.html"), *folder.glob("hooks/*.html")):
        if path.relative_to(folder).as_posix() not in files and _is_ours(path):
            path.unlink()
    for name, text in files.items():
        write_whole(folder / name, text)
    return sum(name.endswith(".html") for name in files)


def _refuse_strangers(folder: Path) -> None:
    if folder.is_dir() and any(folder.iterdir()) and not _is_ours(folder / "index.html"):
        raise SartoError(
            "there is something in this folder that is no site of sarto docs", where=str(folder),
            hint="-o names another folder",
        )  # fmt: skip


def _is_ours(page: Path) -> bool:
    from ..derive.handbook.site import GENERATOR

    try:
        return f'<meta name="generator" content="{GENERATOR}">' in page.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False


def _print_page(book: Handbook, name: str) -> None:
    from ..derive.handbook.words import feature_rows, hook_rows, signature

    hooks = {use.name: use for use in book.hooks or ()}
    if name in book.pages:
        page = book.pages[name]
        trail = " > ".join((*page.parents, name))
        click.echo(click.style(trail, bold=True) + (f"  {page.feature.summary}" if page.feature.summary else ""))
        _print_rows(feature_rows(book, page))
    elif name in hooks:
        click.echo(click.style(signature(hooks[name]), bold=True))
        _print_rows(hook_rows(hooks[name]))
    else:
        hint = did_you_mean(name, [*book.pages, *hooks])
        raise SartoError(f"the line has no feature and no hook '{name}'", where=book.line.file, hint=hint)


def _print_rows(rows: Iterable[Row]) -> None:
    print_table(
        (
            (Cell(row.title if number == 0 else "", dim=True), "".join(_text(piece) for piece in item))
            for row in rows
            for number, item in enumerate(row.items)
        ),
        indent="  ",
    )


def _text(piece: object) -> str:
    return piece if isinstance(piece, str) else str(getattr(piece, "text", piece))
