"""The command of the product: the workshop sheet of what it was configured to, and its picture."""

from __future__ import annotations

import argparse
import json
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
    try:
        if asked.what == "picture":
            asked.output.write_text(picture_of(order), encoding="utf-8")
        else:
            lines = [*sheet(order, bill_of(order))]
            if asked.quote:
                lines += ["", *price_lines(json.loads(asked.quote.read_text(encoding="utf-8")))]
            print("\n".join(lines))
    except OSError as error:
        raise SystemExit(f"{error.filename}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise SystemExit(f"{asked.quote}: is not what 'sarto quote --json' prints") from None
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="The workshop sheet of a set of furniture.")
    commands = parser.add_subparsers(dest="what", required=True)
    sheets = commands.add_parser("sheet", help="print the bill of materials")
    sheets.add_argument("--quote", type=Path, help="also the price: a file with what 'sarto quote --json' printed")
    pictures = commands.add_parser("picture", help="draw the set")
    pictures.add_argument("-o", "--output", type=Path, required=True, help="an SVG file")
    return parser
