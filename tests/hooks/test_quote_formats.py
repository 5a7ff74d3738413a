"""Quotes in the forms that plugins give, and the one that is built in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from sarto.errors import SartoError
from sarto.hooks import PluginManager, QuoteFormat, QuoteLanguage, hookimpl
from sarto.hooks.plugin import Plugin
from sarto.model.prices import Offer, PriceKind, PriceLine, Quote
from sarto.model.quote_language import ENGLISH
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
        "Date      29 November 2026\n"
        "\n"
        "The shop      €900.00\n"
        "12 × Seats     €54.00\n"
        "  Ten are in the base price.\n"
        "---------------------\n"
        "Net           €954.00\n"
        "IVA           €209.88\n"
        "---------------------\n"
        "Total       €1,163.88\n"
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


class Tongue:
    """A plugin with one language of quotes."""

    def __init__(self, language: QuoteLanguage) -> None:
        self.language = language

    @hookimpl
    def sarto_quote_languages(self) -> Sequence[QuoteLanguage]:
        return [self.language]


SWISS = replace(ENGLISH, tag="de-CH", customer="Kundin", total="Summe", grouping="’", money="{sign}\u00a0{number}")


def test_a_plugin_adds_a_language_in_which_every_form_is_written() -> None:
    plugins = PluginManager()
    plugins.register(Tongue(SWISS), Plugin("swiss"))
    offer = Offer(line=LINE, customer="Acme", quote=QUOTE, configuration={}, language=plugins.quote_language("de-CH"))
    text = plugins.quote_format("text").render(offer).decode()
    assert [each.tag for each in plugins.quote_languages()] == ["en", "de-CH"]
    assert "Kundin   Acme\n" in text
    assert text.endswith("Summe       €\u00a01’163.88\n")
    assert [(each.kind, each.name) for each in plugins.contributions() if each.plugin.name == "swiss"] == [
        ("quote language", "de-CH"),
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (("de-CH",), "de-CH"), (("de",), "en"), (("", "de-CH"), "de-CH"), (("en-GB", "de-CH"), "en"), ((), "en"),
        (("fr", "de-CH-1901"), "de-CH"),
    ],
)  # fmt: skip
def test_the_first_language_that_is_asked_for_and_known_is_taken_else_english(
    asked: tuple[str, ...], found: str
) -> None:
    plugins = PluginManager()
    plugins.register(Tongue(SWISS), Plugin("swiss"))
    assert plugins.quote_language(*asked).tag == found


def test_two_languages_of_one_tag_are_told_with_both_plugins() -> None:
    plugins = PluginManager()
    plugins.register(Tongue(ENGLISH), Plugin("another"))
    with pytest.raises(SartoError) as caught:
        plugins.quote_languages()
    assert str(caught.value) == (
        "quote language 'en' comes from two plugins, 'built-in' and 'another'\n  hint: uninstall one of the two"
    )


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
