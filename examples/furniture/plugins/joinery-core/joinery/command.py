"""The command of the product: the workshop sheet of what it was configured to, and its picture."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from sarto_runtime import load_plugins, product

from .bill import bill_of, price_lines, sheet
from .order import Order
from .picture import picture_of

__all__ = ["main"]


def main() -> int:
    """Print the sheet, or draw the picture."""
    asked = _parser().parse_args()
    load_plugins("joinery")
    running = product()
    order = Order(running.customer, running.features)
    if asked.what == "picture":
        _write(asked.output, picture_of(order))
    else:
        lines = [*sheet(order, bill_of(order))]
        if asked.quote:
            lines += ["", *_priced(asked.quote)]
        sys.stdout.write("\n".join([*lines, ""]))
    return 0


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SystemExit(f"{file}: {error.strerror}") from None


def _priced(file: Path) -> list[str]:
    try:
        return [*price_lines(json.loads(file.read_text(encoding="utf-8")))]
    except OSError as error:
        raise SystemExit(f"{file}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise SystemExit(f"{file}: is not what 'sarto quote --json' prints") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="The workshop sheet of a set of furniture.")
    commands = parser.add_subparsers(dest="what", required=True)
    sheets = commands.add_parser("sheet", help="print the bill of materials")
    sheets.add_argument("--quote", type=Path, help="also the price: a file with what 'sarto quote --json' printed")
    pictures = commands.add_parser("picture", help="draw the set")
    pictures.add_argument("-o", "--output", type=Path, required=True, help="an SVG file")
    return parser
