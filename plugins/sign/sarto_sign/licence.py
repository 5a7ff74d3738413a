"""``sarto licence``: a licence for the end users of a build, signed with the key that its line names."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import click
from sarto.commands import PATH, Application, refuse_overwriting, write_whole
from sarto.derive.naming import build_name
from sarto.errors import SartoError, did_you_mean
from sarto.line import ProductLine

from .keys import open_private
from .passphrase import asked

__all__ = ["licence"]


@click.command(
    "licence",
    epilog="\b\nExamples:\n  sarto licence acme.toml --sign vendor.key --until 2027-12-31 -o acme.licence\n"
    "  sarto licence acme.toml --sign vendor.key --feature maps=2027-06-30 --feature export",
)
@click.argument("selection", type=PATH)
@click.option("--sign", "key", metavar="KEY", type=PATH, required=True, help="The private key, the line's licence_key.")
@click.option("--from", "begin", metavar="DAY", default="", help="The first day, 2027-01-31; without it there is none.")
@click.option("--until", "end", metavar="DAY", default="", help="The last day; without it there is none.")
@click.option(
    "--feature", "features", metavar="NAME[=DAY]", multiple=True,
    help="Cover this feature, until DAY where it is given; without it, all licensed ones.",
)  # fmt: skip
@click.option("-o", "--output", metavar="FILE", type=PATH, help="Write it here instead of printing it.")
@click.option("--force", is_flag=True, help="Replace a file that is there already.")
@click.pass_obj
def licence(
    application: Application, selection: Path, key: Path, begin: str, end: str, features: tuple[str, ...],
    output: Path | None, force: bool,
) -> None:  # fmt: skip
    """Make a licence for the customer of a selection.

    It covers the features that the line calls licensed, for some days, and is signed. Whoever uses the build keeps it
    with its launcher: python acme.py @licence FILE. It needs no new build.
    """
    if output:
        refuse_overwriting(output, force=force)
    line, chosen = ProductLine.for_selection(selection, plugins=application.plugins)
    days = (_day(begin, "--from"), _day(end, "--until"))
    terms = _terms(line, features, days)
    signing = open_private(key, asked)
    if signing.public.hex() != line.description.licence_key:
        raise SartoError(
            "this key does not go with the line's licence_key: its builds would refuse the licence",
            where=str(key), hint="'sarto key show' prints the licence_key of a key",
        )  # fmt: skip
    data = {
        "format": 1,
        "line": line.description.name,
        "name": build_name(chosen),
        "features": {name: {"begin": begin, "end": end} for name, (begin, end) in terms.items()},
    }
    text = json.dumps({**data, "signature": signing.sign(_signed(data)).hex()}, indent=2) + "\n"
    if output:
        write_whole(output, text)
    else:
        click.echo(text, nl=False)


def _signed(data: dict[str, Any]) -> bytes:
    """What is signed, as docs/reference/build.md has it."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def _terms(line: ProductLine, features: Iterable[str], days: tuple[str, str]) -> dict[str, tuple[str, str]]:
    licensed = [name for name, feature in line.model.features.items() if feature.delivery.licensed]
    if not licensed:
        raise SartoError(
            "the line has no licensed features", where=line.description.file, hint="write licensed = true at a feature"
        )
    asked_for = [(name, end) for name, _, end in (each.partition("=") for each in features)]
    for name, _ in asked_for:
        if name not in licensed:
            hint = did_you_mean(name, licensed) or f"licensed are {', '.join(licensed)}"
            raise SartoError(f"'{name}' is no licensed feature", where="--feature", hint=hint)
    begin, end = days
    return {
        name: (begin, _day(last, "--feature") or end) for name, last in asked_for or [(each, "") for each in licensed]
    }


def _day(text: str, option: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError as error:
        raise SartoError(f"'{text}' is no day", where=option, hint="write it as 2027-01-31") from error
