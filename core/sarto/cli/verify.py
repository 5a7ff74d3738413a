"""``sarto verify``: is a build as it was made?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .application import Application
from .declaring import PATH, declare, json_option
from .output import counted, print_json

if TYPE_CHECKING:
    from ..derive.verify import VerifyReport

__all__ = ["command"]


@declare(
    "verify",
    "sarto verify builds/acme",
    "sarto verify builds/acme --key vendor.pub",
    "sarto verify acme.delta --key vendor.pub",
)
@click.argument("build", type=PATH)
@click.option(
    "--key", metavar="PUBLIC", type=PATH, help="The build has to be signed with the key that goes with this one."
)
@json_option
@click.pass_context
def command(ctx: click.Context, build: Path, key: Path | None, as_json: bool) -> None:
    """Check a build: every hash, the lock, the validity, the signature.

    BUILD is the folder of a build, a file in which one was handed out, or a delta. Each file that was changed, added
    or lost is named. Without --key, of a signature only its form is checked.
    """
    from ..line import verify_build

    application = ctx.find_object(Application) or Application()
    public = application.plugins.signer().public(key) if key else None
    report = verify_build(build, application.plugins, public)
    if as_json:
        said = {"build": str(build), "files": report.files, "problems": list(report.problems)}
        print_json({**said, "signature": _signature(report, key)})
    for problem in report.problems:
        click.echo(f"{click.style('error', fg='red', bold=True)}: {problem}", err=True)
    if report.problems:
        ctx.exit(1)
    if not as_json:
        click.echo(f"{build}: {counted(report.files, 'file')}, all as they were built{_signed(report, key)}")


def _signature(report: VerifyReport, key: Path | None) -> dict[str, Any] | None:
    """The signature as data; ``checked`` where it was held against a public key and is good."""
    signature = report.signature
    if signature is None:
        return None
    checked = key is not None and report.is_good
    return {"algorithm": signature.algorithm, "key": signature.key, "checked": checked}


def _signed(report: VerifyReport, key: Path | None) -> str:
    if report.signature is None:
        return ""
    if key is None:
        return f"; signed with the key {report.signature.key}, which was not checked: name its public key with --key"
    return f"; signed with the key {report.signature.key}"
