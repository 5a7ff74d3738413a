"""The command of the product: the list of what its home is made of, and the plan."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from sarto_runtime import load_plugins, product

from .bill import price_lines, sheet
from .home import home_of
from .plan import plan_of

__all__ = ["main"]


def main() -> int:
    """Print the list, or draw the plan."""
    asked = _parser().parse_args()
    load_plugins("homestead")
    running = product()
    home = home_of(running.customer, running.features)
    if asked.what == "plan":
        _write(asked.output, plan_of(home))
    else:
        lines = [*sheet(home)]
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
    parser = argparse.ArgumentParser(description="The plan of a modular home.")
    commands = parser.add_subparsers(dest="what", required=True)
    lists = commands.add_parser("list", help="print the rooms and what is in them")
    lists.add_argument("--quote", type=Path, help="also the price: a file with what 'sarto quote --json' printed")
    plans = commands.add_parser("plan", help="draw the floor plan")
    plans.add_argument("-o", "--output", type=Path, required=True, help="an SVG file")
    return parser
