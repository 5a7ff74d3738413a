"""``sarto run``: start a build."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click

from ..errors import SartoError
from .declaring import PATH, ExampleCommand

__all__ = ["command"]


@click.command(
    "run",
    cls=ExampleCommand,
    examples=(
        "sarto run builds/acme",
        "sarto run builds/acme -- --port 8001 data.db",
        "sarto run builds/acme @features",
    ),
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("build", type=PATH)
@click.argument("arguments", metavar="[-- ARGS]", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def command(ctx: click.Context, build: Path, arguments: tuple[str, ...]) -> None:
    """Start a build.

    BUILD is its folder, its launcher or its single file; ARGS go to the product. It runs in the Python that runs
    Sarto, and its exit code is that of the product.
    """
    given = arguments[1:] if arguments[:1] == ("--",) else arguments
    line = [sys.executable, str(_launcher(build)), *given]
    if os.name != "nt":
        sys.stdout.flush()
        os.execv(line[0], line)
    ctx.exit(subprocess.run(line, check=False).returncode)


def _launcher(build: Path) -> Path:
    """The file that starts the build. Raises SartoError where there is none."""
    if not build.exists():
        hint = "'sarto build' makes builds"
        raise SartoError("there is no such build", where=str(build), hint=hint)
    if build.is_file():
        return build
    try:
        name = json.loads((build / "build.json").read_text(encoding="utf-8"))["launcher"]
    except FileNotFoundError:
        hint = "name the folder that 'sarto build' made"
        raise SartoError("this folder is no build: it has no build.json", where=str(build), hint=hint) from None
    except (ValueError, KeyError, TypeError):
        hint = "'sarto verify' says what was changed"
        raise SartoError("this build.json cannot be read", where=str(build / "build.json"), hint=hint) from None
    launcher = build / f"{name}.py"
    if not launcher.is_file():
        hint = "a container engine starts an image; --format bundle makes a folder that starts"
        raise SartoError("this build has no launcher in its folder", where=str(build), hint=hint)
    return launcher
