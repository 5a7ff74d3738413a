"""``sarto key``: the keys with which builds are signed."""

from __future__ import annotations

import json
from pathlib import Path

import click
from sarto.commands import json_option

__all__ = ["key"]

_PATH = click.Path(path_type=Path)


@click.group("key", no_args_is_help=True)
def key() -> None:
    """The keys with which builds are signed."""


@key.command("new", epilog="\b\nExamples:\n  sarto key new vendor\n  sarto key new keys/vendor.key --passphrase")
@click.argument("file", metavar="NAME|FILE", type=_PATH)
@click.option("--passphrase", is_flag=True, help="Protect the private key with a passphrase.")
def new(file: Path, passphrase: bool) -> None:
    """Make a pair of keys.

    A NAME gives NAME.key, the private key, and NAME.pub, the public one; a FILE is the private key, and the
    public one goes beside it. The private one is readable for you alone, and no file is ever overwritten. The
    passphrase is that in the variable SARTO_KEY_PASSPHRASE, or is asked for.
    """
    from .keys import key_files, make_keys
    from .passphrase import chosen

    files = key_files(file)
    identity = make_keys(files, chosen() if passphrase else "")
    click.echo(f"{files[0]}: the private key, which signs: keep it to yourself")
    click.echo(f"{files[1]}: the public key, which checks: give it to whoever gets your builds")
    click.echo(f"the key's id is {identity}")


@key.command("show", epilog="\b\nExample:\n  sarto key show vendor.pub")
@click.argument("file", type=_PATH)
@json_option
def show(file: Path, as_json: bool) -> None:
    """What a key is: its algorithm, its id, which signatures name, and the signing_key or licence_key of a line."""
    from .keys import is_private, open_private, open_public
    from .passphrase import asked

    private = is_private(file)
    opened = open_private(file, asked) if private else open_public(file)
    kind = "private" if private else "public"
    if as_json:
        said = {"kind": kind, "algorithm": opened.algorithm, "id": opened.id, "public": opened.public.hex()}
        click.echo(json.dumps(said, indent=2))
    else:
        click.echo(f"{file}: a {kind} key of {opened.algorithm}, id {opened.id}")
        click.echo(f'signing_key = "{opened.public.hex()}"')
        click.echo(f'licence_key = "{opened.public.hex()}"')
