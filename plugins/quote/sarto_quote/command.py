"""``sarto quote``: what a selection costs, on the terminal or in a file for the customer."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from sarto.commands import PATH, Application, declare, json_option, print_json, refuse_overwriting, write_whole

if TYPE_CHECKING:
    from sarto.hooks import QuoteLanguage
    from sarto.model.prices import Offer

__all__ = ["quote"]

DATE = click.DateTime(["%Y-%m-%d"])
LOOKS: dict[str, dict[str, Any]] = {
    "because": {"dim": True},
    "ruler": {"dim": True},
    "net": {"bold": True},
    "total": {"bold": True},
}


@declare(
    "quote",
    "sarto quote selections/acme.toml",
    "sarto quote selections/acme.toml --number 2026-17 --valid-until 2026-12-31 -o acme.pdf",
    "sarto quote selections/acme.toml --language it",
)
@click.argument("selection", type=PATH)
@click.option("-o", "--output", type=PATH, help="Write this file; its ending tells the format.")
@click.option("--format", "format_name", metavar="FORMAT", help="text, html or pdf, or what a plugin adds.")
@click.option("--language", metavar="TAG", help="Its language, such as it; without it the selection's, else English.")
@click.option("--number", metavar="N", default="", help="The number of the offer.")
@click.option("--date", metavar="DATE", type=DATE, help="The date of the offer, such as 2026-11-29.")
@click.option("--valid-until", metavar="DATE", type=DATE, help="Until when it holds.")
@click.option("--force", is_flag=True, help="Replace the file where it is there already.")
@json_option
@click.pass_obj
def quote(
    application: Application, selection: Path, output: Path | None, format_name: str | None, language: str | None,
    number: str, date: datetime | None, valid_until: datetime | None, force: bool, as_json: bool,
) -> None:  # fmt: skip
    """What a selection costs, line by line.

    The prices are those of the line: what its features cost, and what [prices] says of base, rules, bundles and taxes.
    Each line is rounded, and the lines add up. The same selection and the same options give the same bytes.
    """
    from sarto.errors import SartoError

    if as_json and (output or format_name):
        raise click.UsageError("--json goes with neither --output nor --format.")
    if date and valid_until and valid_until < date:
        what = f"the offer of {date:%Y-%m-%d} would hold until {valid_until:%Y-%m-%d}, before it is made"
        raise SartoError(what, hint="give a later --valid-until")
    if output is not None:
        refuse_overwriting(output, force=force)
    offer = _offer(application, selection, language or "", number, date, valid_until)
    if as_json:
        print_json(_as_data(offer))
    else:
        _hand_out(application, offer, output, format_name)


def _offer(
    application: Application, selection: Path, language: str, number: str, date: datetime | None,
    valid_until: datetime | None,
) -> Offer:  # fmt: skip
    from sarto.line import ProductLine
    from sarto.model.prices import offer_of

    line, wished = ProductLine.for_selection(selection, plugins=application.plugins)
    configuration = line.resolve(wished).configuration
    dates = {key: f"{day:%Y-%m-%d}" for key, day in (("date", date), ("valid_until", valid_until)) if day is not None}
    written = _language(application, language) if language else application.plugins.quote_language(wished.language)
    return offer_of(line.description, wished, configuration, number=number, language=written, **dates)


def _language(application: Application, tag: str) -> QuoteLanguage:
    from sarto.errors import SartoError

    found = application.plugins.quote_language(tag)
    if found.tag.partition("-")[0] == tag.partition("-")[0]:
        return found
    known = ", ".join(each.tag for each in application.plugins.quote_languages())
    raise SartoError(f"no installed plugin writes quotes in '{tag}'", hint=f"the languages that are known: {known}")


def _hand_out(application: Application, offer: Offer, output: Path | None, format_name: str | None) -> None:
    from sarto.errors import SartoError

    plugins = application.plugins
    if output is not None:
        format = plugins.quote_format(format_name) if format_name else plugins.quote_format_of(output)
        write_whole(output, format.render(offer))
        click.echo(f"wrote {output}")
        return
    format = plugins.quote_format(format_name or "text")
    if format.name == "text":
        _print(offer)
        return
    if not format.media_type.startswith("text/") and sys.stdout.isatty():
        raise SartoError(f"a quote as {format.name} is nothing for a terminal", hint=f"-o quote.{format.name}")
    click.echo(format.render(offer), nl=False)


def _print(offer: Offer) -> None:
    from sarto.model.offer_text import offer_lines

    for kind, line in offer_lines(offer):
        click.echo(click.style(line, **LOOKS[kind.value]) if kind.value in LOOKS else line)


def _as_data(offer: Offer) -> dict[str, Any]:
    from sarto.model.prices import quote_to_data

    return {
        "line": offer.line.name,
        "version": offer.line.version,
        "customer": offer.customer,
        "language": offer.language.tag,
        "number": offer.number,
        "date": offer.date,
        "valid_until": offer.valid_until,
        **quote_to_data(offer.quote),
    }
