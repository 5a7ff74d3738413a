"""What a shell is offered for an argument that only the files on the command line tell."""

from __future__ import annotations

from pathlib import Path

import click
from click.shell_completion import CompletionItem

from .application import Application

__all__ = ["complete_feature", "complete_format"]


def complete_feature(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The features of the selection's line; nothing where the two cannot be read."""
    from ..errors import SartoError
    from ..line import ProductLine

    try:
        line, _ = ProductLine.for_selection(Path(ctx.params["selection"]), plugins=_application(ctx).plugins)
    except (SartoError, KeyError, TypeError):
        return []
    features = line.model.features.values()
    return [CompletionItem(each.name, help=each.summary) for each in features if each.name.startswith(incomplete)]


def complete_format(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The build formats that there are."""
    from ..errors import SartoError

    try:
        formats = _application(ctx).plugins.build_formats()
    except SartoError:
        return []
    return [CompletionItem(each.name, help=each.summary) for each in formats if each.name.startswith(incomplete)]


def _application(ctx: click.Context) -> Application:
    """What this run holds, which says nothing into a line that is being typed."""
    application = ctx.find_object(Application) or Application()
    application.is_silent = True
    return application
