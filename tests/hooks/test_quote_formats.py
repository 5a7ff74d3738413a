"""Quotes in the forms that plugins give, and the one that is built in."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from sarto.errors import SartoError
from sarto.hooks import PluginManager, QuoteFormat, hookimpl
from sarto.hooks.plugin import Plugin
from sarto.model.prices import Offer, PriceKind, PriceLine, Quote
from sarto.model.toml_line import read_line

SHOP = '[line]\nname = "shop"\nversion = "2.1"\nroot = "shop"\n[core]\nparts = ["shop"]\ncommand = "shop"\n'
LINE = read_line(SHOP + "[features.shop]\n", "features.toml")
LINES = (
    PriceLine("The shop", Decimal("900.00"), kind=PriceKind.BASE),
    PriceLine("Seats", Decimal("54.00"), "seats", Decimal(12), "Ten are in the base price."),
    PriceLine("IVA", Decimal("209.88"), kind=PriceKind.TAX),
)
QUOTE = Quote("EUR", 2, LINES, Decimal("954.00"), Decimal("209.88"), Decimal("1163.88"))


class Paper:
    """A plugin with a quote format of a given name."""

    def __init__(self, name: str) -> None:
        self.name = name

    @hookimpl
    def sarto_quote_formats(self) -> Sequence[QuoteFormat]:
        return [QuoteFormat(name=self.name, media_type="text/paper", render=lambda offer: offer.customer.encode())]


def test_text_is_built_in_and_stands_in_columns() -> None:
    offer = Offer(line=LINE, customer="Çiçek A.Ş.", quote=QUOTE, configuration={}, number="17", date="2026-11-29")
    assert PluginManager().quote_format("text").render(offer).decode() == (
        "Product   shop 2.1\n"
        "Customer  Çiçek A.Ş.\n"
        "Offer     17\n"
        "Date      2026-11-29\n"
        "\n"
        "The shop          900.00\n"
        "Seats      12 ×    54.00\n"
        "  Ten are in the base price.\n"
        "------------------------\n"
        "Net               954.00\n"
        "IVA               209.88\n"
        "------------------------\n"
        "Total EUR        1163.88\n"
    )


def test_a_name_can_neither_break_out_of_its_line_nor_turn_the_writing_around() -> None:
    hostile = Offer(line=LINE, customer="A\x1b[31m\r\nTotal \u202e00.1\u2028", quote=QUOTE, configuration={})
    text = PluginManager().quote_format("text").render(hostile).decode()
    assert text.splitlines()[1] == "Customer  A [31m Total 00.1"


def test_a_plugin_adds_a_format() -> None:
    plugins = PluginManager()
    plugins.register(Paper("paper"), Plugin("paper"))
    assert [each.name for each in plugins.quote_formats()] == ["text", "paper"]
    offer = Offer(line=LINE, customer="Acme", quote=QUOTE, configuration={})
    assert plugins.quote_format("paper").render(offer) == b"Acme"


def test_two_formats_of_one_name_are_told_with_both_plugins() -> None:
    plugins = PluginManager()
    plugins.register(Paper("txt"), Plugin("paper", "sarto-paper", "1.0"))
    with pytest.raises(SartoError) as caught:
        plugins.quote_formats()
    assert str(caught.value) == (
        "suffix of quotes '.txt' comes from two plugins, 'built-in' and 'paper' (sarto-paper 1.0)\n"
        "  hint: uninstall one of the two"
    )


@pytest.mark.parametrize(
    ("name", "hint"), [("txt", "did you mean 'text'?"), ("pdf", "the formats that are known: text")]
)
def test_an_unknown_format_is_told_with_the_known_ones(name: str, hint: str) -> None:
    with pytest.raises(SartoError) as caught:
        PluginManager().quote_format(name)
    assert str(caught.value) == f"unknown quote format '{name}'\n  hint: {hint}"
