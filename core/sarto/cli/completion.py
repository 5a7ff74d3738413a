"""``sarto completion``: the script that completes commands in a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from .declaring import declare

__all__ = ["command"]


@declare(
    "completion",
    """echo 'eval "$(sarto completion bash)"' >> ~/.bashrc""",
    """echo 'eval "$(sarto completion zsh)"' >> ~/.zshrc""",
    "sarto completion fish > ~/.config/fish/completions/sarto.fish",
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """The script that completes commands in your shell."""
    completion = get_completion_class(shell)
    if completion is not None:
        click.echo(completion(ctx.find_root().command, {}, "sarto", "_SARTO_COMPLETE").source())
