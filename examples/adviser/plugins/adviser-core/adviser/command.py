"""The command of the product: a proposal, why it is so, its picture, and a talk in which features are switched."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path

from sarto_runtime import load_plugins, product

from .client import Client
from .picture import picture_of
from .portfolio import portfolio_of
from .sheet import changes, sheet
from .talk import talk

__all__ = ["main"]


def main() -> int:
    """Do what the command line says."""
    asked = _parser().parse_args()
    load_plugins("adviser")
    if asked.what == "picture":
        try:
            asked.output.write_text(picture_of(_client(), portfolio_of(_client()), product().brand), encoding="utf-8")
        except OSError as error:
            raise SystemExit(f"{error.filename}: {error.strerror}") from None
    elif asked.what == "talk":
        product().follow()  # what is switched on the page of features, too
        heard = TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")
        with suppress(KeyboardInterrupt):
            for line in talk(heard, _proposal):
                print(line, flush=True)
    else:
        print("\n".join(_proposal() if asked.what == "propose" else _explanation()))
    return 0


def _client() -> Client:
    running = product()
    return Client(running.customer, running.features)


def _proposal() -> Iterator[str]:
    client = _client()
    return sheet(product().text("title"), client, portfolio_of(client))


def _explanation() -> Iterator[str]:
    with product().trace() as trace:
        list(_proposal())
    return changes(trace)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Proposes a portfolio. Its figures are made up: this is no advice.")
    commands = parser.add_subparsers(dest="what", required=True)
    commands.add_parser("propose", help="print a portfolio")
    commands.add_parser("explain", help="say which feature gave or changed what")
    pictures = commands.add_parser("picture", help="draw the portfolio")
    pictures.add_argument("-o", "--output", type=Path, required=True, help="an SVG file")
    commands.add_parser("talk", help="read 'propose', 'on FEATURE' and 'off FEATURE' line by line, and answer each")
    return parser
