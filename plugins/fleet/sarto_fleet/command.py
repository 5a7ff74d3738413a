"""``sarto fleet``: the group, and what concerns which of all customers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from sarto.errors import SartoError

from .advisory import Advisory, read_advisory
from .build_command import build
from .customers import Customer, read_customers

__all__ = ["fleet"]

PATH = click.Path(path_type=Path)


@click.group("fleet")
def fleet() -> None:
    """Build for all customers, and say whom a part, a feature or an advisory concerns."""


fleet.add_command(build)


@fleet.command("affected")
@click.option("-o", "--output", "builds", metavar="DIR", type=PATH, default="builds", show_default=True,
              help="Where the builds are.")  # fmt: skip
@click.option("--part", "wanted", metavar="REQUIREMENT", multiple=True, help="A part, such as 'jinja2<3.1.6'.")
@click.option("--feature", "features", metavar="F", multiple=True, help="A feature that is in the build, or open.")
@click.option("--advisories", metavar="FILE", type=PATH, multiple=True, help="An advisory in OSV JSON.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def affected(
    builds: Path, wanted: tuple[str, ...], features: tuple[str, ...], advisories: tuple[Path, ...], as_json: bool
) -> None:
    """The customers with a part, a feature or a vulnerability, and why.

    Each option can be given several times; a customer is listed for each that fits.
    """
    if not (wanted or features or advisories):
        raise click.UsageError("name what to look for: --part, --feature or --advisories")
    asked = [_requirement(text) for text in wanted]
    read = [read_advisory(file) for file in advisories]
    found: list[dict[str, Any]] = []
    for customer in read_customers(builds):
        for reason in _reasons(customer, asked, features, read):
            if as_json:
                found.append({"customer": customer.name, **reason})
            else:
                click.echo(_sentence(customer, reason))
    if as_json:
        click.echo(json.dumps({"affected": found}, indent=2, ensure_ascii=False))


def _requirement(text: str) -> Requirement:
    try:
        return Requirement(text)
    except InvalidRequirement as error:
        raise SartoError(f"'{text}' names no part", hint="write it as in 'jinja2<3.1.6'") from error


def _reasons(
    customer: Customer, asked: list[Requirement], features: tuple[str, ...], advisories: list[Advisory]
) -> Iterator[dict[str, Any]]:
    for part in customer.parts:
        held = {"part": part.name, "version": str(part.version), "features": list(part.features)}
        for each in asked:
            fits = each.specifier.contains(part.version, prereleases=True)
            if canonicalize_name(each.name) == part.name and fits:
                yield {"because": str(each), **held}
        yield from ({"because": a.id, **held} for a in advisories if a.concerns(part.name, part.version))
    yield from ({"because": name, "feature": name} for name in features if name in customer.features)


def _sentence(customer: Customer, reason: dict[str, Any]) -> str:
    if "feature" in reason:
        return f"{customer.name}: feature {reason['feature']}"
    through = ", ".join(reason["features"]) or "the core"
    return f"{customer.name}: {reason['because']}: {reason['part']} {reason['version']}, through {through}"
