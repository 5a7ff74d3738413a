"""``sarto diagram``: what is drawn, and where the picture goes."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

if TYPE_CHECKING:
    from sarto.errors import SartoError
    from sarto.hooks import PluginManager

    from .subject import Subject

__all__ = ["diagram"]

_PATH = click.Path(path_type=Path)


class _Application(Protocol):
    """What the program hands to its commands."""

    @property
    def plugins(self) -> PluginManager: ...

    def warn(self, warning: SartoError) -> None: ...


@click.command(
    "diagram",
    epilog="\b\nExample:\n  sarto diagram --selection selections/acme.toml -o acme.svg",
)
@click.argument("model", type=_PATH, required=False)
@click.option("--selection", "-s", type=_PATH, help="Draw the configuration of this selection into the model.")
@click.option("--output", "-o", type=_PATH, help="Write this file instead of the standard output.")
@click.option("--root", metavar="FEATURE", help="Draw only this feature and what is below it.")
@click.option("--depth", type=click.IntRange(min=0), help="Draw only so many levels below the root.")
@click.pass_obj
def diagram(
    application: _Application, model: Path | None, selection: Path | None, output: Path | None,
    root: str | None, depth: int | None,
) -> None:  # fmt: skip
    """Draw a feature model as SVG, with a configuration in it.

    MODEL is a features.toml, its folder, or a feature model in any format that a plugin reads; by default the
    line of the selection, else the one in this folder. The picture is an SVG file. A selection that is
    impossible is drawn too, with the features and constraints that are in conflict.
    """
    from .drawing import draw

    if output is not None:
        _refuse_other_files(output)
    subject = _subject(application, model, selection)
    shown = partial(draw, subject.model, title=subject.title, root=root, depth=depth)
    if (configured := subject.configured) is None:
        picture = shown()
    else:
        picture = shown(configured.states, values=configured.values, broken=configured.broken)
    _hand_out(picture, output)


def _subject(application: _Application, model: Path | None, selection: Path | None) -> Subject:
    from .subject import line_subject, model_subject

    if model is None or model.is_dir() or model.suffix == ".toml":
        return line_subject(model, selection, application.plugins, application.warn)
    return model_subject(model, selection, application.plugins, application.warn)


def _refuse_other_files(output: Path) -> None:
    from sarto.errors import SartoError

    if output.suffix != ".svg":
        raise SartoError("a diagram is an SVG file", where=str(output), hint=f"-o {output.with_suffix('.svg')}")


def _hand_out(picture: str, output: Path | None) -> None:
    if output is None:
        click.echo(picture.encode(), nl=False)
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(picture, encoding="utf-8", newline="\n")
    click.echo(f"drew {output}")
