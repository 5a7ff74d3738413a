"""The program ``sarto``: its commands, and what happens to errors, interruptions and closed pipes."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, NoReturn

import click

from .accent import AccentContext, headline, version_text
from .application import Application
from .lazy import AS_JSON, LazyGroup, write_examples
from .streams import give_up_stdout

if TYPE_CHECKING:
    from ..errors import SartoError

__all__ = ["main", "program"]

INTERRUPTED = 130
PIPE_CLOSED = 141
STDOUT, STDERR = 1, 2
SOLVER_INTERRUPTED = "Caught keyboard interrupt"

SECTIONS = {
    "From a product line to a build": {
        "check": "Is a product line sound?",
        "choose": "Choose features in the terminal, question by question.",
        "resolve": "The configuration of a selection, each decision with its reason.",
        "explain": "Why a feature is in or out, or a selection impossible.",
        "brand": "What fills each slot of a brand, and from where.",
        "build": "Assemble builds from selections.",
        "run": "Start a build.",
        "verify": "Check a build: every hash, the lock, the validity, the signature.",
        "store": "The parts on this machine: list, verify, free.",
        "tailor": "A selection from what is known of a customer, with the evidence.",
        "lock": "The versions of a line's parts, written down.",
        "migrate": "A selection carried over to another version of its line.",
    },
    "Feature models": {
        "analyse": "Void, core, dead and false-optional features of a model.",
        "convert": "Write a feature model in another format.",
        "sample": "Configurations of a model: few that cover, some drawn, or all.",
        "diff": "What an edit of a model does to the products, and what differs.",
    },
    "For authors": {
        "new": "Start a product line, or a plugin.",
        "plugin": "Check a plugin that you write.",
        "test": "Run a line's tests in a sample of its products.",
        "docs": "The documentation of a line, as a site or in the terminal.",
        "plugins": "The plugins that take part, and what each adds.",
        "completion": "The script that completes commands in your shell.",
    },
}


class Program(LazyGroup):
    """The outermost group: turns errors of the user's input into messages and exit codes."""

    context_class = AccentContext

    def further(self, ctx: click.Context) -> Mapping[str, str]:
        """The commands of the installed plugins."""
        from .plugin_commands import listed_commands

        return listed_commands(_application(ctx), self.summaries)

    def further_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """A command of an installed plugin."""
        from ..errors import SartoError
        from .plugin_commands import plugin_command

        try:
            return plugin_command(_application(ctx), self.summaries, name)
        except SartoError:
            if ctx.resilient_parsing:
                return None
            raise

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the name of the edition, where a vendor gave it one, and what Sarto is."""
        if head := headline():
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(head)
        super().format_help_text(ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write an example of the whole."""
        super().format_epilog(ctx, formatter)
        write_examples(formatter, ["sarto build selections/acme.toml && python builds/acme/acme.py"])

    def make_context(self, *args: Any, **settings: Any) -> click.Context:
        """A context that knows whether the output is to be coloured; the help and the version are written here."""
        try:
            return super().make_context(*args, **{"color": _colour_wish(os.environ), **settings})
        except KeyboardInterrupt:
            raise click.exceptions.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            give_up_stdout()
            raise click.exceptions.Exit(PIPE_CLOSED) from None
        except OSError as error:
            from .errors import Refused

            raise Refused(_as_refusal(error), as_json=False, colour=None) from error

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        from ..errors import SartoError

        _application(ctx)
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            give_up_stdout()
            ctx.exit(PIPE_CLOSED)
        except Exception as error:
            if _is_interruption(error):
                ctx.exit(INTERRUPTED)
            if isinstance(error, SartoError | OSError):
                refusal = error if isinstance(error, SartoError) else _as_refusal(error)
                raise _refused(ctx, refusal) from error
            raise
        return result


def _application(ctx: click.Context) -> Application:
    """What this run holds; it says nothing while a shell asks for completions."""
    application = ctx.ensure_object(Application)
    application.is_silent |= ctx.resilient_parsing
    return application


def _colour_wish(environment: Mapping[str, str]) -> bool | None:
    """What the environment says of colours; None leaves it to whether a stream is a terminal."""
    if environment.get("NO_COLOR") or environment.get("TERM") == "dumb":
        return False
    return True if environment.get("FORCE_COLOR") else None


def _refused(ctx: click.Context, error: SartoError) -> click.ClickException:
    from .errors import Refused

    return Refused(error, as_json=ctx.meta.get(AS_JSON, False), colour=ctx.color)


def _is_interruption(error: BaseException) -> bool:
    """Whether an error is what others made of an interruption: the solvers of python-sat have one of their own for it,
    and where a module is being imported it becomes the cause of another."""
    links: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in links:
        links.append(link)
        link = link.__cause__ or link.__context__
    return any(isinstance(link, KeyboardInterrupt) or str(link) == SOLVER_INTERRUPTED for link in links)


def _as_refusal(error: OSError) -> SartoError:
    """A fault of the file system as the user's error: which file, and what the system says."""
    from ..errors import SartoError

    return SartoError(error.strerror or str(error), where=str(error.filename) if error.filename else None)


def _fill_gaps() -> None:
    """Let what is written to a stream that was closed from the start go nowhere, and no file take its number."""
    while (handle := os.open(os.devnull, os.O_RDWR)) <= STDERR:
        pass
    os.close(handle)
    sys.stdout = sys.stdout or open(STDOUT, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(STDERR, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def _print_version(ctx: click.Context, _parameter: click.Parameter, is_asked: bool) -> None:
    if is_asked and not ctx.resilient_parsing:
        click.echo(version_text(), color=ctx.color)
        ctx.exit()


@click.command(
    "sarto",
    cls=Program,
    sections=SECTIONS,
    package=__package__,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.option("-V", "--version", is_flag=True, expose_value=False, is_eager=True, callback=_print_version,
              help="Show the version and exit.")  # fmt: skip
def program() -> None:
    """Sarto turns a Python product with plugins into a product line, and each customer's choice into a build."""


def main() -> NoReturn:
    """The console script."""
    _fill_gaps()
    gc.set_threshold(50_000, 20, 20)  # a large model is millions of values that stay: to look for garbage costs a fifth
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a pipe may have no place for a customer's name
    program(prog_name="sarto")
    raise SystemExit(0)
