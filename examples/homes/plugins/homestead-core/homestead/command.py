"""The command of the product: the list of what its home is made of, and the plan."""

from __future__ import annotations

import argparse
import json
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
    try:
        if asked.what == "plan":
            asked.output.write_text(plan_of(home), encoding="utf-8")
        else:
            lines = [*sheet(home)]
            if asked.quote:
                lines += ["", *price_lines(json.loads(asked.quote.read_text(encoding="utf-8")))]
            print("\n".join(lines))
    except OSError as error:
        raise SystemExit(f"{error.filename}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise SystemExit(f"{asked.quote}: is not what 'sarto quote --json' prints") from None
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="The plan of a modular home.")
    commands = parser.add_subparsers(dest="what", required=True)
    lists = commands.add_parser("list", help="print the rooms and what is in them")
    lists.add_argument("--quote", type=Path, help="also the price: a file with what 'sarto quote --json' printed")
    plans = commands.add_parser("plan", help="draw the floor plan")
    plans.add_argument("-o", "--output", type=Path, required=True, help="an SVG file")
    return parser
