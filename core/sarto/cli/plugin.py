"""``sarto plugin``: what an author is told of a plugin."""

from __future__ import annotations

from pathlib import Path

import click

from .application import Application
from .declaring import PATH, ExampleCommand, json_option
from .findings import finding_as_data, numbers_of, print_findings
from .output import print_json
from .progress import reporting

__all__ = ["command"]

EXAMPLES = (
    "sarto plugin check",
    "sarto plugin check maps --line ../shop",
    "sarto plugin check --hooks datasette.hookspecs",
)


@click.group("plugin")
def command() -> None:
    """Check a plugin that you write."""


@command.command("check", cls=ExampleCommand, examples=EXAMPLES)
@click.argument("folder", type=PATH, required=False, default=Path())
@click.option("-l", "--line", metavar="LINE", type=PATH, help="The line that it is for: a features.toml or its folder.")
@click.option("--hooks", metavar="MODULE", default="", help="Its host's hook specs, installed beside Sarto.")
@json_option
@click.pass_context
def check(ctx: click.Context, folder: Path, line: Path | None, hooks: str, as_json: bool) -> None:
    """Does a plugin fit, without a whole product being made?

    FOLDER is the plugin's project, by default this folder. Looked at are its metadata, whether what it imports is
    required, whether each hook implementation has a hook, its arguments and its types (as mypy sees them where it is
    installed), and with a line also whether it writes files of other parts, relies on features that need not be
    there, or interacts with them. It is imported in a process of its own. Errors make the exit code 1.
    """
    from ..derive.authoring.checking import check_plugin, check_plugin_of
    from ..derive.store import PartStore
    from ..derive.store_use import using
    from ..line import ProductLine

    if line is not None and hooks:
        raise click.UsageError("--line knows the hooks: leave out --hooks")
    application = ctx.find_object(Application) or Application()
    with reporting() as reporter, reporter(folder.resolve().name) as progress, using(PartStore.default()):
        if line is None:
            checked = check_plugin(folder, hooks, progress)
        else:
            opened = ProductLine.open(line, plugins=application.plugins)
            checked = check_plugin_of(opened.description, opened.folder, folder, progress)
    if as_json:
        findings = [finding_as_data(finding) for finding in checked.findings]
        print_json({"plugin": checked.name, "findings": findings, "unseen": list(checked.unseen)})
    else:
        print_findings(checked.findings)
        for what in checked.unseen:
            click.echo(f"not looked at: {what}")
        click.echo(f"{checked.name}: {numbers_of(checked.findings)}")
    if not checked.is_good:
        ctx.exit(1)
