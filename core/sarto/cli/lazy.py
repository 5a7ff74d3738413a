"""A group of commands that imports a command only when it is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

__all__ = ["AS_JSON", "LazyGroup", "write_examples"]

AS_JSON = "sarto.json"
"""Under this key a context remembers that the result is wanted as JSON."""


class LazyGroup(click.Group):
    """Commands by name in titled ``sections``, each with its summary, and one module of ``package`` for each.

    The module is named like the command and has it as ``command``. Subclasses may know ``further`` commands,
    which are looked for only where one of these is asked for or all are listed.
    """

    def __init__(self, *, sections: Mapping[str, Mapping[str, str]], package: str, **settings: Any) -> None:
        super().__init__(**settings)
        self.sections = sections
        self.package = package

    @property
    def summaries(self) -> dict[str, str]:
        """The group's own commands and what each does, in the order of the help."""
        return {name: summary for section in self.sections.values() for name, summary in section.items()}

    def further(self, ctx: click.Context) -> Mapping[str, str]:  # noqa: ARG002  (for subclasses)
        """Commands that are not the group's own, with their summaries."""
        return {}

    def further_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002  (for subclasses)
        """A command that is not the group's own."""
        return None

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, the group's own first."""
        return [*self.summaries, *self.further(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; its module is imported now."""
        if cmd_name not in self.summaries:
            return self.further_command(ctx, cmd_name)
        command: click.Command = import_module(f"{self.package}.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments begin with; an unknown one is a usage error with the nearest name."""
        if not args[0].startswith("-") and not ctx.resilient_parsing and self.get_command(ctx, args[0]) is None:
            from ..errors import did_you_mean

            hint = did_you_mean(args[0], self.list_commands(ctx))
            ctx.fail(f"there is no command '{args[0]}'" + (f"; {hint}" if hint else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands into the help, section by section, from the summaries alone."""
        sections = {**self.sections, "From plugins": self.further(ctx)}
        width = max(len(name) for summaries in sections.values() for name in summaries)
        for title, summaries in sections.items():
            if summaries:
                with formatter.section(title):
                    formatter.write_dl([(name.ljust(width), summary) for name, summary in summaries.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Names and options that begin with ``incomplete``."""
        from click.shell_completion import CompletionItem

        names = {**self.summaries, **self.further(ctx)}
        items = [CompletionItem(name, help=help) for name, help in names.items() if name.startswith(incomplete)]
        return items + click.Command.shell_complete(self, ctx, incomplete)


def write_examples(formatter: click.HelpFormatter, examples: Sequence[str]) -> None:
    """Write the examples as a section of a command's help, each line as it is."""
    with formatter.section("Example" if len(examples) == 1 else "Examples"):
        for line in examples:
            formatter.write(f"{'':{formatter.current_indent}}{line}\n")
