"""``sarto upgrade``: a delta to carry over to a customer, or an upgrade of a build on this machine."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import click
from sarto.commands import Application, counted, json_option
from sarto.derive.manifest import MANIFEST
from sarto.derive.signature import SigningKey
from sarto.derive.verify import verify
from sarto.errors import SartoError

from .delta import Delta, check_bundle, check_key, current_build, delta_between, read_known, write_delta

__all__ = ["upgrade"]

PATH = click.Path(path_type=Path)


@click.command("upgrade")
@click.argument("new", metavar="BUILD", type=PATH)
@click.option("--from", "old", metavar="OLD", type=PATH, required=True,
              help="What the customer has: the folder of the build, or its build.json.")  # fmt: skip
@click.option("--delta", "file", metavar="FILE", type=PATH, help="Write a delta instead of upgrading OLD here.")
@click.option("--sign", metavar="KEY", type=PATH, help="Sign the delta with this private key: FILE.sig, beside it.")
@json_option
@click.pass_context
def upgrade(ctx: click.Context, new: Path, old: Path, file: Path | None, sign: Path | None, as_json: bool) -> None:
    """Bring a customer's build up to BUILD, a newer one, with only the parts that it lacks.

    With --delta, FILE has those parts; the customer applies it with the product's own launcher: python acme.py
    @upgrade FILE. Without, OLD is a folder on this machine, and is upgraded so. Until the new build is
    there and checked the old one starts; @rollback goes back to it. A product whose line has a
    signing_key takes no delta that is not signed with it. 'sarto verify FILE --key PUBLIC' checks one, too.
    """
    application = ctx.find_object(Application) or Application()
    key = application.plugins.signer().private(sign) if sign else None
    known = read_known(old if old.is_file() else current_build(old) / MANIFEST)
    if not old.is_file():
        check_bundle(current_build(old), known)
    delta = delta_between(known, new)
    if delta.old.sha256 == delta.new.sha256:
        raise SartoError("there is nothing to upgrade: this is the build that the customer has", where=str(new))
    check_key(known, key, sign)
    if file is not None:
        write_delta(delta, file, key)
        click.echo(_as_json(delta, file) if as_json else f"wrote {file}: {_summary(delta)}")
        return
    if old.is_file():
        raise click.UsageError("of a build.json only a delta can be made: add --delta FILE")
    said = _apply(delta, old, key)
    click.echo(_as_json(delta, None) if as_json else f"{said}\n{_summary(delta)}")


def _apply(delta: Delta, folder: Path, key: SigningKey | None) -> str:
    """Upgrade the build in the folder with its own launcher; what that said."""
    first = read_known(folder / MANIFEST)
    with tempfile.TemporaryDirectory(prefix="sarto-upgrade-") as scratch:
        file = Path(scratch, "delta")
        write_delta(delta, file, key)
        launcher = folder / f"{first.said['launcher']}.py"
        line = [sys.executable, str(launcher), "@upgrade", str(file)]
        done = subprocess.run(line, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise SartoError(f"the build was not upgraded: {done.stderr.strip()}", where=str(folder))
    if verify(current_build(folder)).problems:
        raise SartoError("the upgraded build is not whole", where=str(folder), hint=f"python {launcher} @rollback")
    return done.stdout.strip()


def _summary(delta: Delta) -> str:
    versions = f"from {delta.old.said['line']['version']} to {delta.new.said['line']['version']}"
    return f"{versions}, {delta.size:,} bytes; {counted(len(delta.shipped), 'new part')}, {len(delta.kept)} as they are"


def _as_json(delta: Delta, file: Path | None) -> str:
    said = {
        "name": delta.new.said["name"],
        "delta": None if file is None else str(file),
        "from": delta.old.said["line"]["version"],
        "to": delta.new.said["line"]["version"],
        "bytes": delta.size,
        "shipped": [name.removeprefix("parts/") for name in delta.shipped],
        "kept": [name.removeprefix("parts/") for name in delta.kept],
    }
    return json.dumps(said, indent=2, ensure_ascii=False)
